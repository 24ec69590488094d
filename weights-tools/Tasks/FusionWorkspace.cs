using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Everything that a task file names, opened: backbone, base, experts, heads and data. Owns all of it.</summary>
internal sealed class FusionWorkspace : IDisposable
{
    private readonly List<SupervisedTask> _tasks = [];

    private FusionWorkspace(IBackend backend, TaskFile file, Backbone backbone, Ensemble ensemble)
    {
        Backend = backend;
        File = file;
        Backbone = backbone;
        Ensemble = ensemble;
    }

    /// <summary>What computes.</summary>
    public IBackend Backend { get; }

    /// <summary>What was opened.</summary>
    public TaskFile File { get; }

    /// <summary>The network that fusions write into; its weights are zero at first.</summary>
    public Backbone Backbone { get; }

    /// <summary>Base and experts.</summary>
    public Ensemble Ensemble { get; }

    /// <summary>Heads, losses and data, in the order of the experts.</summary>
    public IReadOnlyList<SupervisedTask> Tasks => _tasks;

    /// <summary>Opens base, experts, heads and data.</summary>
    /// <param name="context">Is warned if the device has no room for all experts.</param>
    /// <param name="backend">Computes; owned from here on, also if this throws.</param>
    /// <param name="file">What to open.</param>
    /// <exception cref="DataException">Anything is missing, malformed, or does not fit the rest; the message names it.</exception>
    public static FusionWorkspace Open(CommandContext context, IBackend backend, TaskFile file)
    {
        List<IDisposable> opened = [backend];
        try
        {
            Checkpoint baseCheckpoint = Keep(opened, Checkpoint.Open(file.Base));
            Checkpoint[] experts = [.. file.Tasks.Select(task => Keep(opened, Checkpoint.Open(task.Expert)))];
            RequireOneArchitecture(experts);

            // The experts' configuration, not the base's: a language model may be the base of classifiers.
            Backbone backbone = Keep(opened, ModelLoader.CreateBackbone(backend, experts[0].Configuration));
            Ensemble ensemble = new(backbone, baseCheckpoint, experts);
            if (ensemble.IsStreamed)
            {
                context.Warn($"base and experts do not fit the memory of {backend.Info.Description}: every step copies them again");
            }

            FusionWorkspace workspace = new(backend, file, backbone, ensemble);
            opened.Clear();
            opened.Add(workspace);
            workspace.OpenTasks();
            return workspace;
        }
        catch
        {
            opened.Reverse();
            opened.ForEach(static item => item.Dispose());
            throw;
        }
    }

    /// <summary>Puts an expert's own weights into the backbone, to the bit. Routed fusions must be invalidated afterwards.</summary>
    /// <param name="task">Its index.</param>
    public void ApplyExpert(int task) => Apply(Ensemble.Experts[task]);

    /// <summary>Puts the base's own weights into the backbone. Routed fusions must be invalidated afterwards.</summary>
    public void ApplyBase() => Apply(Ensemble.Base);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tasks.ForEach(static task => task.Dispose());
        Ensemble.Dispose();
        Backbone.Dispose();
        Backend.Dispose();
    }

    private static T Keep<T>(List<IDisposable> opened, T item)
        where T : IDisposable
    {
        opened.Add(item);
        return item;
    }

    private static void RequireOneArchitecture(Checkpoint[] experts)
    {
        static string Family(Checkpoint checkpoint) => checkpoint.Configuration.Architecture switch
        {
            ModelConfiguration.ClipVisionModelWithProjection => ModelConfiguration.ClipVisionModel,
            string other => other,
        };

        Checkpoint? other = experts.FirstOrDefault(expert => Family(expert) != Family(experts[0]));
        if (other is not null)
        {
            throw new DataException(
                $"{other.Path}: architecture {other.Configuration.Architecture} cannot be fused with "
                + $"{experts[0].Configuration.Architecture} of {experts[0].Path}.");
        }
    }

    private void OpenTasks()
    {
        for (int i = 0; i < File.Tasks.Count; i++)
        {
            TaskEntry entry = File.Tasks[i];
            Checkpoint expert = Ensemble.Experts[i];
            Objective objective = ModelLoader.ObjectiveOf(expert.Configuration);
            Head head = OpenHead(entry, expert);
            try
            {
                int classes = objective == Objective.LanguageModeling ? 0 : head.Classes;
                IDataset? train = entry.Train?.Load($"{entry.Name} train", expert, Backbone, classes);
                IDataset? test = entry.Test?.Load($"{entry.Name} test", expert, Backbone, classes);
                _tasks.Add(new SupervisedTask(entry.Name, head, objective, train, test));
            }
            catch
            {
                head.Dispose();
                throw;
            }
        }
    }

    private Head OpenHead(TaskEntry entry, Checkpoint expert)
    {
        if (Backbone is Gpt2Backbone { Pooling: FeaturePooling.AllTokens } language)
        {
            return new TiedLanguageModelHead(language);
        }

        if (expert.Configuration.Architecture
            is not (ModelConfiguration.ClipVisionModel or ModelConfiguration.ClipVisionModelWithProjection))
        {
            return ModelLoader.LoadLinearHead(Backend, expert);
        }

        ZeroShotSource source = entry.Head is { File: not null }
            ? entry.Head
            : throw new DataException($"{File.Origin}: task '{entry.Name}' is CLIP's: expected a head with a file of text embeddings.");
        return source.Load(Backend, expert);
    }

    private void Apply(Checkpoint checkpoint) =>
        new StoredParameters(checkpoint, Backbone.CheckpointPrefixes, Backbone.Layout).CopyTo(Backend, Backbone.Parameters);
}
