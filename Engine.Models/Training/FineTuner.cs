using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>
/// Trains all parameters of a backbone and of the heads of one or several tasks: AdamW, linear warm-up, cosine schedule, a learning-rate
/// factor per module. Batches are functions of seed and step. A block's parameters are updated as soon as the backward pass has their
/// gradients, so that one block's gradient memory serves all.
/// </summary>
public sealed class FineTuner : IDisposable
{
    private readonly Backbone _backbone;
    private readonly MultiTaskLoss _loss;
    private readonly FineTuningSettings _settings;
    private readonly CosineSchedule _schedule;
    private readonly EpochSampler[] _samplers;
    private readonly Batch[] _batches;
    private readonly int[] _indices;
    private readonly float[] _weights;
    private readonly TrainedParameter[] _ofBackbone;
    private readonly TrainedParameter[] _ofHeads;
    private readonly List<ParameterSet> _moments = [];

    /// <summary>Prepares training.</summary>
    /// <param name="backbone">Trained in place.</param>
    /// <param name="tasks">Each with training data; their heads are trained in place.</param>
    /// <param name="settings">Hyper-parameters.</param>
    public FineTuner(Backbone backbone, IReadOnlyList<SupervisedTask> tasks, FineTuningSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(settings);
        _backbone = backbone;
        _settings = settings;
        _loss = new MultiTaskLoss(backbone, tasks);
        _schedule = new CosineSchedule(
            settings.LearningRate, settings.LearningRate * settings.FinalLearningRateFraction, settings.Steps, settings.WarmupSteps);
        IDataset[] data = [.. tasks.Select(static task =>
            task.Train ?? throw new ArgumentException($"Task '{task.Name}' has no training data.", nameof(tasks)))];
        _samplers = [.. data.Select((set, t) => new EpochSampler(set, settings.BatchSize, settings.Seed + (ulong)t))];
        _batches = [.. data.Select(set => set.CreateBatch(settings.BatchSize))];
        _indices = new int[settings.BatchSize];
        _weights = Enumerable.Repeat(1f, tasks.Count).ToArray();
        _ofBackbone = Train(backbone.Layout, backbone.Parameters, wanted =>
        {
            backbone.RequestGradients(wanted, UpdateBlock);
            return backbone.Gradients;
        });
        _ofHeads = [.. tasks.SelectMany(task => Train(task.Head.Layout, task.Head.Parameters, wanted =>
        {
            task.Head.RequestGradients(wanted);
            return task.Head.Gradients;
        }))];
    }

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>Mean loss of every task in the last step.</summary>
    public IReadOnlyList<double> Losses => _loss.Losses;

    /// <summary>Learning rate of the last step, before factors.</summary>
    public double LearningRate { get; private set; }

    /// <summary>One step.</summary>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite; the parameters are those before the step.</exception>
    public void TrainStep()
    {
        for (int t = 0; t < _batches.Length; t++)
        {
            _samplers[t].Sample(Step, _indices);
            _loss.Tasks[t].Train!.Fill(_batches[t], _indices);
        }

        // The backward pass updates parameters as it goes, so a loss that is not finite must stop the step before it.
        _loss.Forward(_batches, _weights);
        _loss.RequireFinite(Step + 1);
        LearningRate = _schedule.At(Step);
        Step++;
        _loss.Backward();
        foreach (TrainedParameter trained in _ofHeads)
        {
            Update(trained);
        }

        for (int t = 0; t < _loss.Tasks.Count; t++)
        {
            _loss.Tasks[t].Head.ParametersChanged();
        }
    }

    /// <summary>Releases the optimiser's memory and the gradients of the backbone; the trained parameters stay.</summary>
    public void Dispose()
    {
        _backbone.RequestGradients(static _ => false);
        _loss.Dispose();
        _moments.ForEach(static set => set.Dispose());
    }

    private TrainedParameter[] Train(
        ParameterLayout layout, ParameterSet parameters, Func<Predicate<string>, ParameterSet> requestGradients)
    {
        Dictionary<string, double> factors = layout.Parameters.ToDictionary(
            static parameter => parameter.Name, parameter => LearningRateFactor.Of(parameter, _settings.LearningRateFactors));
        bool Wanted(string name) => factors[name] != 0;
        ParameterSet gradients = requestGradients(Wanted);
        ParameterSet first = new(_backbone.Backend, layout, "first moments", Wanted);
        ParameterSet second = new(_backbone.Backend, layout, "second moments", Wanted);
        _moments.AddRange([first, second]);
        return [.. gradients.Parameters.Where(parameter => Wanted(parameter.Name)).Select(parameter => new TrainedParameter(
            parameter.Block,
            parameters[parameter.Name],
            gradients[parameter.Name],
            first[parameter.Name],
            second[parameter.Name],
            factors[parameter.Name]))];
    }

    /// <summary>The backward pass calls it when it is through with a block: nothing below reads the block's weights, and the next
    /// block's gradients take the place of these.</summary>
    private void UpdateBlock(int block)
    {
        foreach (TrainedParameter trained in _ofBackbone)
        {
            if (trained.Block == block)
            {
                Update(trained);
            }
        }
    }

    private void Update(TrainedParameter trained) => _backbone.Backend.AdamW(new AdamWArgs
    {
        Parameters = trained.Parameter,
        Gradient = trained.Gradient,
        FirstMoment = trained.FirstMoment,
        SecondMoment = trained.SecondMoment,
        LearningRate = (float)(LearningRate * trained.Factor),
        WeightDecay = (float)_settings.WeightDecay,
        Step = Step,
    });

    private sealed record TrainedParameter(
        int Block, TensorRef Parameter, TensorRef Gradient, TensorRef FirstMoment, TensorRef SecondMoment, double Factor);
}
