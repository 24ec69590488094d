using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>The lines that the README shows; a test compares and runs them.</summary>
internal static class ReadmeExample
{
    /// <summary>Opens a trained front, turns the dial, and saves the network.</summary>
    public static void Run(string models, string routers, string output)
    {
        // README: begin
        using IBackend backend = Backends.Best();
        Checkpoint origin = Checkpoint.Open($"{models}/base");
        using Backbone network = ModelLoader.CreateBackbone(backend, origin.Configuration);
        using Ensemble ensemble = new(network, origin, [Checkpoint.Open($"{models}/digits"), Checkpoint.Open($"{models}/fashion")]);

        using RoutedFusion dial = RouterFile.Read(routers, ensemble);
        dial.Apply([0.3f, 0.7f]); // the network's own weights are now those of this preference
        Unloader.Save(output, ensemble, [0.3, 0.7], ["digits", "fashion"], headOf: 1);
        // README: end
    }
}
