using Engine.Fusion;
using Engine.Kernels;
using Engine.Kernels.Host;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>Steps allocate nothing on the managed heap once their plans are made.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(Granularity.Module, Scalarization.Linear)]
    [InlineData(Granularity.Tensor, Scalarization.Epo)]
    [InlineData(Granularity.Row, Scalarization.Epo)]
    public void RouterTrainer_Step_AllocatesNothing(Granularity granularity, Scalarization scalarization)
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using RoutedFusion fusion = new(sample.Ensemble, RouterSettings.Residual(granularity));
        using RouterTrainer trainer = new(
            fusion, sample.Tasks, new RouterTrainingSettings { Steps = 50, BatchSize = 8, Scalarization = scalarization });
        AllocationAssert.None(trainer.TrainStep);
    }

    [Fact]
    public void FineTuner_Step_AllocatesNothing()
    {
        using HostBackend backend = new(threads: 2);
        using SampleExperiment sample = new(backend);
        using FineTuner tuner = new(sample.Backbone, sample.Tasks, new FineTuningSettings { Steps = 50, BatchSize = 8 });
        AllocationAssert.None(tuner.TrainStep);
    }

    /// <summary>267 rows of logits are computed in stretches of 133 and 134.</summary>
    [Fact]
    public void FineTuner_StepOfALanguageModel_AllocatesNothing()
    {
        using HostBackend backend = new(threads: 2);
        using VocabularySample sample = new(backend, tokens: 89);
        using FineTuner tuner = new(
            sample.Backbone, [sample.Task], new FineTuningSettings { Steps = 50, BatchSize = VocabularySample.Texts });
        AllocationAssert.None(tuner.TrainStep);
        Assert.Equal(134, sample.Task.Head.Logits.Rows);
    }

    [Fact]
    public void SupervisedModel_ForwardBackward_AllocatesNothing()
    {
        using HostBackend backend = new(threads: 2);
        using Checkpoint checkpoint = Checkpoint.Open(SourceTree.PathOf("samples", "models", "digits"));
        using SupervisedModel model = SupervisedModel.Load(backend, checkpoint);
        using SampleExperiment sample = new(backend);
        Batch batch = sample.Batches(8)[0];
        model.RequestGradients(null);
        AllocationAssert.None(() => model.ForwardBackward(batch));
        AllocationAssert.None(() => model.Forward(batch, ForwardMode.Inference));
    }

    [Theory]
    [FixtureData("GPT2LMHeadModel", Contains = true)]
    public void Gpt2Generator_AppendOneToken_AllocatesNothing(string name) => AppendAllocatesNothing(name, DType.F32);

    [Theory]
    [FixtureData("GPT2LMHeadModel", Contains = true)]
    public void Gpt2Generator_AppendOneTokenWithBFloat16Weights_AllocatesNothing(string name) => AppendAllocatesNothing(name, DType.BF16);

    private static void AppendAllocatesNothing(string name, DType weightType)
    {
        using HostBackend backend = new(threads: 2);
        using Checkpoint checkpoint = Checkpoint.Open(FixtureFolder.Named(name).Path);
        using Gpt2Backbone backbone = (Gpt2Backbone)ModelLoader.LoadBackbone(backend, checkpoint, weightType);
        using Gpt2Generator generator = new(backbone);
        int[] token = [3];

        // Scratch memory grows with the sequence, once.
        for (int i = 0; i < 20; i++)
        {
            generator.Append(token);
        }

        generator.Reset();
        AllocationAssert.None(() => token[0] = generator.Append(token));
    }
}
