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
        Measurement measurement = setup.Measure(() => backbone.Forward(images, ForwardMode.Inference));
        BenchReport.Print(setup, new BenchResult($"vit-forward {model} batch {batch} {weightType}", "images/s", batch, measurement)
        {
            Flops = BenchModels.ForwardFlops(backbone, batch, 0),
        });
    }
}
