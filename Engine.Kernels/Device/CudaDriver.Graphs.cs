using System.Runtime.InteropServices;

namespace Engine.Kernels.Device;

/// <content>Graphs of launches. All functions are in drivers for CUDA 11.4 and newer; an older one lacks an entry point, and who calls
/// takes that for a refusal.</content>
internal static unsafe partial class CudaDriver
{
    /// <summary>Makes an empty graph.</summary>
    /// <exception cref="BackendException">The driver refuses.</exception>
    public static nint CreateGraph()
    {
        Check(nameof(cuGraphCreate), cuGraphCreate(out nint graph, 0));
        return graph;
    }

    /// <summary>Adds a launch to a graph; its parameters are copied.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="previous">The node that ends before this one begins; 0 if there is none.</param>
    /// <param name="node">The launch.</param>
    /// <returns>Handle of the node.</returns>
    /// <exception cref="BackendException">The driver refuses.</exception>
    public static nint AddNode(nint graph, nint previous, CudaKernelNode node)
    {
        nuint dependencies = previous == 0 ? 0u : 1u;
        Check(nameof(cuGraphAddKernelNode), cuGraphAddKernelNode(out nint added, graph, &previous, dependencies, &node));
        return added;
    }

    /// <summary>Makes a graph ready to be enqueued.</summary>
    /// <exception cref="BackendException">The driver refuses.</exception>
    public static nint Instantiate(nint graph)
    {
        Check(nameof(cuGraphInstantiateWithFlags), cuGraphInstantiateWithFlags(out nint executable, graph, 0));
        return executable;
    }

    /// <summary>Gives a launch of an executable graph other parameters, which are copied; runs that are enqueued keep theirs.</summary>
    /// <exception cref="BackendException">The driver refuses.</exception>
    public static void SetNode(nint executable, nint node, CudaKernelNode parameters) =>
        Check(nameof(cuGraphExecKernelNodeSetParams), cuGraphExecKernelNodeSetParams(executable, node, &parameters));

    /// <summary>Enqueues a graph.</summary>
    /// <exception cref="BackendException">The driver refuses, or an earlier launch has failed.</exception>
    public static void LaunchGraph(nint executable, nint stream) =>
        Check(nameof(cuGraphLaunch), cuGraphLaunch(executable, stream));

    /// <summary>Frees an executable graph, once its runs have ended, and the graph it was made of.</summary>
    public static void DestroyGraph(nint executable, nint graph)
    {
        // Whoever frees cannot do anything about an error, and the next call meets it again.
        _ = executable == 0 ? 0 : cuGraphExecDestroy(executable);
        _ = graph == 0 ? 0 : cuGraphDestroy(graph);
    }

    [LibraryImport(Library)]
    private static partial int cuGraphCreate(out nint graph, uint flags);

    [LibraryImport(Library)]
    private static partial int cuGraphAddKernelNode(
        out nint node, nint graph, nint* dependencies, nuint dependencyCount, CudaKernelNode* parameters);

    [LibraryImport(Library)]
    private static partial int cuGraphInstantiateWithFlags(out nint executable, nint graph, ulong flags);

    [LibraryImport(Library)]
    private static partial int cuGraphExecKernelNodeSetParams(nint executable, nint node, CudaKernelNode* parameters);

    [LibraryImport(Library)]
    private static partial int cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Library)]
    private static partial int cuGraphExecDestroy(nint executable);

    [LibraryImport(Library)]
    private static partial int cuGraphDestroy(nint graph);
}
