using System.Linq;
using Engine.Kernels.Cases;

namespace Engine.Kernels.Device;

/// <summary>One small case of every op, which a GPU has to pass before it is chosen unasked: drivers differ, the host is always
/// right.</summary>
internal static class DeviceSelfTest
{
    /// <summary>Compares a device with the reference.</summary>
    /// <param name="backend">What is tested.</param>
    /// <returns>What differs; null if nothing does.</returns>
    /// <exception cref="BackendException">A kernel does not compile or run.</exception>
    public static string? FindProblem(IBackend backend) => OpCases.Small
        .DistinctBy(static opCase => opCase.Op)
        .Select(opCase => OpCaseComparison.WithReference(opCase, backend))
        .FirstOrDefault(static result => !result.Passed)?.ToString();
}
