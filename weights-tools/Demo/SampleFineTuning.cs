using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>
/// Makes base and experts of the samples anew: the base learns all tasks a little, from random weights; every expert continues from it
/// on its own task.
/// </summary>
internal sealed class SampleFineTuning(CommandContext context, IBackend backend, TaskFile samples)
{
    private const ulong Seed = 1;

    private static readonly FineTuningSettings BaseSettings = new() { Steps = 200, BatchSize = 32, LearningRate = 1e-3, Seed = Seed };
    private static readonly FineTuningSettings ExpertSettings = new() { Steps = 1500, BatchSize = 64, LearningRate = 5e-4, Seed = Seed };

    /// <summary>Trains and saves base and experts.</summary>
    /// <param name="folder">Receives a folder per model.</param>
    /// <returns>The samples' data with the new models.</returns>
    public TaskFile Run(string folder)
    {
        List<Checkpoint> configurations = [.. samples.Tasks.Select(static task => Checkpoint.Open(task.Expert))];
        List<SupervisedTask> tasks = [];
        using Backbone backbone = ModelLoader.CreateBackbone(backend, configurations[0].Configuration);
        try
        {
            ParameterInitializer.Fill(backend, backbone.Parameters, Seed);
            for (int i = 0; i < configurations.Count; i++)
            {
                tasks.Add(NewTask(samples.Tasks[i], configurations[i], backbone, Seed + 1 + (ulong)i));
            }

            Train("base, all tasks", backbone, tasks, BaseSettings);
            string start = Path.Combine(folder, "base");
            Save(start, backbone, tasks[0], configurations[0]);
            for (int i = 0; i < tasks.Count; i++)
            {
                TrainExpert(start, Path.Combine(folder, tasks[i].Name), backbone, tasks[i], configurations[i]);
            }

            return samples with
            {
                Base = start,
                Tasks = [.. samples.Tasks.Select(task => task with { Expert = Path.Combine(folder, task.Name) })],
            };
        }
        finally
        {
            tasks.ForEach(static task => task.Dispose());
            configurations.ForEach(static configuration => configuration.Dispose());
        }
    }

    private SupervisedTask NewTask(TaskEntry entry, Checkpoint configuration, Backbone backbone, ulong seed)
    {
        LinearHead head = ModelLoader.CreateLinearHead(backend, configuration.Configuration);
        ParameterInitializer.Fill(backend, head.Parameters, seed);
        return new SupervisedTask(
            entry.Name, head, Objective.Classification, entry.Train?.Load($"{entry.Name} train", configuration, backbone, head.Classes));
    }

    private void TrainExpert(string start, string folder, Backbone backbone, SupervisedTask task, Checkpoint configuration)
    {
        using (Checkpoint trainedBase = Checkpoint.Open(start))
        {
            new StoredParameters(trainedBase, backbone.CheckpointPrefixes, backbone.Layout).CopyTo(backend, backbone.Parameters);
        }

        Train($"expert, {task.Name}", backbone, [task], ExpertSettings);
        Save(folder, backbone, task, configuration);
    }

    private void Train(string label, Backbone backbone, IReadOnlyList<SupervisedTask> tasks, FineTuningSettings settings)
    {
        using FineTuner tuner = new(backbone, tasks, settings);
        using Progress progress = context.StartProgress($"fine-tuning the {label}", settings.Steps, "steps");
        while (tuner.Step < settings.Steps)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            tuner.TrainStep();
            progress.Report(tuner.Step);
        }
    }

    private void Save(string folder, Backbone backbone, SupervisedTask task, Checkpoint configuration)
    {
        backend.Synchronize();
        CheckpointWriter.Write(
            folder,
            [
                .. backbone.Layout.Parameters.Select(parameter =>
                    new TensorToWrite(backbone.CheckpointPrefixes[0] + parameter.Name, backbone.Parameters[parameter.Name])),
                .. task.Head.Layout.Parameters.Select(parameter => new TensorToWrite(parameter.Name, task.Head.Parameters[parameter.Name])),
            ],
            new CheckpointWriterOptions
            {
                ConfigurationText = configuration.Configuration.Text,
                CopyFilesFrom = configuration.Path,
                Overwrite = true,
            });
    }
}
