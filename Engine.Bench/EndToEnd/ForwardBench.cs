using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>Forward pass of a vision backbone.</summary>
internal static class ForwardBench
{
    public static void Run(BenchSetup setup, string model, int batch, DType weightType)
    {
        using Backbone backbone = BenchModels.Create(setup.Backend, model, weightType);
        Batch images = BenchModels.RandomBatch(backbone, batch, 0);
        Measurement measurement = Measurement.Of(() => backbone.Forward(images, ForwardMode.Inference));
        string name = $"vit-forward {model} batch {batch} {weightType}";
        BenchReport.Print(name, "images/s", batch, measurement, setup, BenchModels.ForwardFlops(backbone, batch, 0));
    }
}
