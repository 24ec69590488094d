using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>The two passes over experts: merging all MLPs, and contracting their gradients with the task vectors.</summary>
internal static class MergeBench
{
    public static void Merge(BenchSetup setup, string model, int experts, DType dtype) =>
        Run(setup, model, experts, dtype, "merge", static (ensemble, parameter, routing) => ensemble.Merge(parameter, routing));

    public static void MultiDot(BenchSetup setup, string model, int experts, DType dtype) => Run(
        setup,
        model,
        experts,
        dtype,
        "multi-dot",
        static (ensemble, parameter, routing) => ensemble.Contract(parameter, routing, accumulate: false));

    private static void Run(
        BenchSetup setup, string model, int experts, DType dtype, string name, Action<Ensemble, ParameterSpec, TensorRef> action)
    {
        using Backbone backbone = BenchModels.Empty(setup.Backend, model);
        using BenchExperts files = new(backbone, experts, dtype);
        using Ensemble ensemble = new(backbone, files.Base, files.Experts);
        ParameterSpec[] mlps = [.. backbone.Layout.Parameters.Where(static parameter => parameter.Kind == ModuleKind.Mlp)];
        backbone.RequestGradients(parameter => Array.Exists(mlps, mlp => mlp.Name == parameter));
        using Arena arena = setup.Backend.CreateArena("routing", 1024);
        TensorRef routing = arena.Allocate("lambda", DType.F32, new Shape(experts));
        setup.Backend.Fill(routing, 0.3f);
        double elements = mlps.Sum(static parameter => (double)parameter.Shape.ElementCount);
        double bytes = elements * (4 + ((experts + 1) * dtype.SizeInBytes()));
        Measurement measurement = setup.Measure(() =>
        {
            foreach (ParameterSpec parameter in mlps)
            {
                action(ensemble, parameter, routing);
            }
        });
        BenchReport.Print(setup, new BenchResult($"{name} {model} {experts} experts {dtype}", "Mparameters/s", elements / 1e6, measurement)
        {
            Bytes = bytes,
        });
    }
}
