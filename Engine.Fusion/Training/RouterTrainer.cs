using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// Trains routers on preferences drawn from a Dirichlet distribution (PWEMoE, arXiv 2406.09770, section 4): Adam or AdamW, cosine
/// schedule, heads and everything else frozen. Preferences and batches are functions of seed and step, so a training that was
/// interrupted continues with the same bits.
/// </summary>
public sealed class RouterTrainer : IDisposable
{
    private readonly ParetoObjective _objective;
    private readonly RouterOptimizer _optimizer;
    private readonly CosineSchedule _schedule;
    private readonly DirichletSampler _preferences;
    private readonly float[] _preference;
    private readonly EpochSampler?[] _samplers;
    private readonly Batch?[] _batches;
    private readonly int[] _indices;

    /// <summary>Prepares training; router parameters are initialised from the seed.</summary>
    /// <param name="fusion">What is trained.</param>
    /// <param name="tasks">In the order of the experts, with training data unless only <see cref="Train"/> is used.</param>
    /// <param name="settings">Hyper-parameters.</param>
    public RouterTrainer(RoutedFusion fusion, IReadOnlyList<SupervisedTask> tasks, RouterTrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(fusion);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(settings);
        Fusion = fusion;
        Settings = settings;
        _objective = settings.Scalarization == Scalarization.Epo
            ? new EpoScalarization(fusion, tasks)
            : new LinearScalarization(fusion, tasks);
        IBackend backend = fusion.Ensemble.Backbone.Backend;
        _optimizer = new RouterOptimizer(backend, fusion.Routers.ParameterCount, settings.WeightDecay);
        _schedule = new CosineSchedule(
            settings.LearningRate, settings.LearningRate * settings.FinalLearningRateFraction, settings.Steps);
        _preferences = new DirichletSampler(settings.Seed, tasks.Count, settings.DirichletAlpha);
        _preference = new float[tasks.Count];
        _indices = new int[settings.BatchSize];
        _samplers = [.. tasks.Select((task, t) =>
            task.Train is null ? null : new EpochSampler(task.Train, settings.BatchSize, settings.Seed + (ulong)t))];
        _batches = [.. tasks.Select(task => task.Train?.CreateBatch(settings.BatchSize))];
        fusion.Settings.Initialization.Fill(fusion.Routers, settings.Seed, fusion.Parameters);
    }

    /// <summary>What is trained.</summary>
    public RoutedFusion Fusion { get; }

    /// <summary>Hyper-parameters.</summary>
    public RouterTrainingSettings Settings { get; }

    /// <summary>Losses and gradient of the last step.</summary>
    public ParetoObjective Objective => _objective;

    /// <summary>Steps done.</summary>
    public int Step { get; private set; }

    /// <summary>The preference of the last step [T].</summary>
    public ReadOnlySpan<float> Preference => _preference;

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate { get; private set; }

    /// <summary>One step with a preference and batches drawn for it.</summary>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite; the parameters are those before the step.</exception>
    public void TrainStep()
    {
        _preferences.Sample(Step, _preference);
        for (int t = 0; t < _batches.Length; t++)
        {
            SupervisedTask task = _objective.TaskLosses.Tasks[t];
            IDataset data = task.Train ?? throw new InvalidOperationException($"Task '{task.Name}' has no training data.");
            _samplers[t]!.Sample(Step, _indices);
            data.Fill(_batches[t]!, _indices);
        }

        Update(_batches!);
    }

    /// <summary>One step with a given preference and batches.</summary>
    /// <param name="preference">r [T].</param>
    /// <param name="batches">One per task.</param>
    /// <exception cref="DataException">The preference has another length, or an entry that is not finite.</exception>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite; the parameters are those before the step.</exception>
    public void Train(ReadOnlySpan<float> preference, IReadOnlyList<Batch> batches)
    {
        Fusion.Ensemble.RequirePreference(preference);
        preference.CopyTo(_preference);
        Update(batches);
    }

    /// <summary>Writes everything that <see cref="Restore"/> needs, atomically.</summary>
    /// <param name="path">Of the state file.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Save(string path)
    {
        float[] first = new float[Fusion.Parameters.Length];
        float[] second = new float[Fusion.Parameters.Length];
        _optimizer.Save(first, second);
        TrainingState.Write(path, this, first, second);
    }

    /// <summary>Continues from a state file: the next steps have the same bits as if training had never stopped.</summary>
    /// <param name="path">Of the state file.</param>
    /// <exception cref="DataException">The file is malformed, or of another training.</exception>
    public void Restore(string path)
    {
        TrainingState state = TrainingState.Read(path, this);
        state.Parameters.CopyTo(Fusion.Parameters, 0);
        _optimizer.Restore(state.FirstMoment, state.SecondMoment);
        Step = state.Step;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _objective.Dispose();
        _optimizer.Dispose();
    }

    private void Update(IReadOnlyList<Batch> batches)
    {
        _objective.Evaluate(_preference, batches);
        _objective.TaskLosses.RequireFinite(Step + 1);
        RequireFiniteGradient();
        LearningRate = _schedule.At(Step);
        Step++;
        _optimizer.Update(Fusion.Parameters, _objective.ParameterGradient, LearningRate, Step);
    }

    /// <summary>Losses can be finite where a gradient is not: an expert that holds NaN where its activations vanish.</summary>
    private void RequireFiniteGradient()
    {
        double sum = 0;
        foreach (float entry in _objective.ParameterGradient)
        {
            sum += Math.Abs(entry);
        }

        if (!double.IsFinite(sum))
        {
            throw new NonFiniteLossException(
                $"The gradient of the routers is not finite in step {Step + 1}: check base and experts for NaN and infinity.");
        }
    }
}
