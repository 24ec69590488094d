using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>A base made ready for one task: its backbone, the checkpoint's head or a new one, and the configuration to save.</summary>
internal sealed class FineTuningModel : IDisposable
{
    // Hugging Face's initializer_range.
    private const double NewHeadDeviation = 0.02;

    // Keeps the head's stream apart from other uses of the seed.
    private const ulong HeadStream = 0x48454144_00000000;

    private readonly Checkpoint _base;
    private readonly ModelConfiguration _configuration;
    private readonly bool _headIsStored;

    private FineTuningModel(Checkpoint checkpoint, ModelConfiguration configuration, Backbone backbone, Head head, bool headIsNew)
    {
        _base = checkpoint;
        _configuration = configuration;
        _headIsStored = head is LinearHead;
        Backbone = backbone;
        Head = head;
        HeadIsNew = headIsNew;
    }

    /// <summary>With the base's weights.</summary>
    public Backbone Backbone { get; }

    /// <summary>Turns features into logits; disposed with the task that it is given to.</summary>
    public Head Head { get; }

    /// <summary>True if the head was drawn at random.</summary>
    public bool HeadIsNew { get; }

    /// <summary>What the loss compares.</summary>
    public Objective Objective => ModelLoader.ObjectiveOf(_configuration);

    /// <summary>Number of classes; 1 for regression, 0 for language modelling.</summary>
    public int Classes => Objective == Objective.LanguageModeling ? 0 : Head.Classes;

    /// <summary>Prepares a base.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="checkpoint">The base; stays with the caller.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="classes">Class names; null for those of the checkpoint. A language model becomes a classifier by them.</param>
    /// <param name="newHead">Draw a new head even if the checkpoint's fits.</param>
    /// <param name="zeroShot">CLIP's head.</param>
    /// <param name="seed">Of a new head.</param>
    /// <exception cref="DataException">The base is not supported or incomplete, or has no head and no classes are given.</exception>
    public static FineTuningModel Open(
        IBackend backend,
        Checkpoint checkpoint,
        string task,
        IReadOnlyList<string>? classes,
        bool newHead,
        ZeroShotSource zeroShot,
        ulong seed)
    {
        string architecture = checkpoint.Configuration.Architecture;
        if (architecture == ModelConfiguration.Gpt2LMHeadModel && classes is not null)
        {
            architecture = ModelConfiguration.Gpt2ForSequenceClassification;
        }

        bool linear = architecture is ModelConfiguration.ViTForImageClassification or ModelConfiguration.Gpt2ForSequenceClassification;
        IReadOnlyList<string> stored = ClassLabels.Of(checkpoint.Configuration);
        IReadOnlyList<string> labels = linear ? classes ?? stored : [];
        ModelConfiguration configuration = ClassLabels.Rewrite(checkpoint.Configuration, architecture, task, labels);
        Backbone backbone = ModelLoader.CreateBackbone(backend, configuration);
        try
        {
            new StoredParameters(checkpoint, backbone.CheckpointPrefixes, backbone.Layout).CopyTo(backend, backbone.Parameters);
            bool isNew = linear && (newHead || labels.Count != stored.Count || !HasHead(backend, checkpoint, configuration));
            Head head = backbone is Gpt2Backbone { Pooling: FeaturePooling.AllTokens } language ? new TiedLanguageModelHead(language)
                : linear ? isNew ? DrawHead(backend, configuration, seed) : ModelLoader.LoadLinearHead(backend, checkpoint)
                : zeroShot.File is not null ? zeroShot.Load(backend, checkpoint)
                : throw new UsageException($"{checkpoint.Path} is CLIP's: expected --head with a file of text embeddings.");
            return new FineTuningModel(checkpoint, configuration, backbone, head, isNew);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Writes the fine-tuned checkpoint: the base's dtypes, companions and configuration, with the task's head and
    /// classes.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="overwrite">Replace an existing checkpoint.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Save(string directory, bool overwrite)
    {
        const string ProjectionName = "visual_projection.weight";
        IBackend backend = Backbone.Backend;
        StoredParameters stored = new(_base, Backbone.CheckpointPrefixes, Backbone.Layout);
        using HostTensors copies = new();
        List<TensorToWrite> tensors = [.. Backbone.Layout.Parameters.Select(parameter => copies.WhenWritten(
            Backbone.CheckpointPrefixes[0] + parameter.Name,
            backend,
            Backbone.Parameters[parameter.Name],
            _base.Entry(stored.NameOf(parameter)).DType))];
        if (_headIsStored)
        {
            DType dtype = tensors[0].StoredDType;
            tensors.AddRange(Head.Layout.Parameters.Select(parameter =>
                copies.WhenWritten(parameter.Name, backend, Head.Parameters[parameter.Name], dtype)));
        }
        else if (_base.Contains(ProjectionName))
        {
            tensors.Add(new TensorToWrite(ProjectionName, _base.Tensor(ProjectionName)));
        }

        CheckpointWriter.Write(directory, tensors, new CheckpointWriterOptions
        {
            ConfigurationText = _configuration.Text,
            CopyFilesFrom = _base.Path,
            Overwrite = overwrite,
        });
    }

    /// <inheritdoc/>
    public void Dispose() => Backbone.Dispose();

    private static bool HasHead(IBackend backend, Checkpoint checkpoint, ModelConfiguration configuration)
    {
        using LinearHead head = ModelLoader.CreateLinearHead(backend, configuration);
        return head.Layout.Parameters.All(parameter => checkpoint.Contains(parameter.Name));
    }

    private static LinearHead DrawHead(IBackend backend, ModelConfiguration configuration, ulong seed)
    {
        LinearHead head = ModelLoader.CreateLinearHead(backend, configuration);
        CounterRandom random = new(seed, HeadStream);
        foreach (ParameterSpec parameter in head.Layout.Parameters.Where(static parameter => parameter.Shape.Rank == 2))
        {
            float[] values = new float[parameter.Shape.ElementCount];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(NewHeadDeviation * random.Normal((ulong)i));
            }

            backend.Upload<float>(values, head.Parameters[parameter.Name]);
        }

        head.ParametersChanged();
        return head;
    }
}
