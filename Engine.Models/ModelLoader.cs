using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>From checkpoints to backbones and heads with weights.</summary>
public static class ModelLoader
{
    /// <summary>Builds the backbone that a configuration describes, with weights of zero.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="configuration">A config.json.</param>
    /// <param name="weightType">Dtype of the weights of products; see <see cref="ParameterSet"/>.</param>
    /// <exception cref="DataException">The architecture is not supported.</exception>
    public static Backbone CreateBackbone(IBackend backend, ModelConfiguration configuration, DType? weightType = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Architecture switch
        {
            ModelConfiguration.ViTForImageClassification =>
                VisionBackbone.ViT(backend, ViTConfig.From(configuration), weightType: weightType),
            ModelConfiguration.ClipVisionModel or ModelConfiguration.ClipVisionModelWithProjection =>
                VisionBackbone.Clip(backend, ClipVisionConfig.From(configuration), weightType: weightType),
            ModelConfiguration.Gpt2LMHeadModel =>
                Gpt2Backbone.Create(backend, TiedConfig(configuration), FeaturePooling.AllTokens, weightType),
            ModelConfiguration.Gpt2ForSequenceClassification =>
                Gpt2Backbone.Create(backend, Gpt2Config.From(configuration), FeaturePooling.LastToken, weightType),
            _ => throw new DataException($"{configuration.Path}: architecture '{configuration.Architecture}' is not supported."),
        };
    }

    /// <summary>The parameters of the backbone that a configuration describes; allocates none of them.</summary>
    /// <exception cref="DataException">The architecture is not supported.</exception>
    public static ParameterLayout LayoutOf(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Architecture switch
        {
            ModelConfiguration.ViTForImageClassification =>
                VisionBackbone.LayoutOf(ViTConfig.From(configuration)),
            ModelConfiguration.ClipVisionModel or ModelConfiguration.ClipVisionModelWithProjection =>
                VisionBackbone.LayoutOf(ClipVisionConfig.From(configuration)),
            ModelConfiguration.Gpt2LMHeadModel or ModelConfiguration.Gpt2ForSequenceClassification =>
                Gpt2Backbone.LayoutOf(Gpt2Config.From(configuration)),
            _ => throw configuration.Unsupported(),
        };
    }

    /// <summary>Builds a checkpoint's backbone and loads its weights.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="checkpoint">Holds the weights, in any floating-point dtype; it is not needed afterwards.</param>
    /// <param name="weightType">Dtype of the weights of products; see <see cref="ParameterSet"/>. Where the checkpoint has the same one,
    /// bytes are copied; a wider one is rounded to nearest even.</param>
    /// <exception cref="DataException">The architecture is not supported, or a tensor is missing or has another shape.</exception>
    public static Backbone LoadBackbone(IBackend backend, Checkpoint checkpoint, DType? weightType = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Backbone backbone = CreateBackbone(backend, checkpoint.Configuration, weightType);
        try
        {
            new StoredParameters(checkpoint, backbone.CheckpointPrefixes, backbone.Layout).CopyTo(backend, backbone.Parameters);
            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>The linear classifier of a ViT or GPT-2 sequence-classification configuration, with weights of zero.</summary>
    /// <exception cref="DataException">The architecture has no linear classifier.</exception>
    public static LinearHead CreateLinearHead(IBackend backend, ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Architecture == ModelConfiguration.ViTForImageClassification)
        {
            ViTConfig config = ViTConfig.From(configuration);
            return LinearHead.Create(backend, "classifier", config.HiddenSize, config.NumLabels, bias: true);
        }

        if (configuration.Architecture == ModelConfiguration.Gpt2ForSequenceClassification)
        {
            Gpt2Config config = Gpt2Config.From(configuration);
            return LinearHead.Create(backend, "score", config.HiddenSize, config.NumLabels, bias: false);
        }

        throw new DataException($"{configuration.Path}: architecture '{configuration.Architecture}' has no linear classifier.");
    }

    /// <summary>The linear classifier of a checkpoint with its weights.</summary>
    /// <exception cref="DataException">There is none, or a tensor is missing or has another shape.</exception>
    public static LinearHead LoadLinearHead(IBackend backend, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        LinearHead head = CreateLinearHead(backend, checkpoint.Configuration);
        return (LinearHead)Filled(head, backend, checkpoint);
    }

    /// <summary>CLIP's zero-shot head from a file with visual_projection.weight, logit_scale and unit rows of text embeddings.</summary>
    /// <param name="backend">Computes.</param>
    /// <param name="projection">Holds visual_projection.weight [D, C].</param>
    /// <param name="text">Holds logit_scale [] and the text embeddings [K, D].</param>
    /// <param name="textName">Name of the text embeddings, for example "task.0.text_embeds".</param>
    /// <exception cref="DataException">A tensor is missing or has another shape.</exception>
    public static ZeroShotHead LoadZeroShotHead(
        IBackend backend, Checkpoint projection, SafetensorsFile text, string textName = "text_embeds")
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(projection);
        ArgumentNullException.ThrowIfNull(text);
        const string ProjectionName = "visual_projection.weight";
        IReadOnlyList<long> shape = projection.Entry(ProjectionName).Shape;
        IReadOnlyList<long> textShape = text[textName].Shape;
        if (shape.Count != 2 || textShape.Count != 2 || textShape[1] != shape[0])
        {
            throw DataException.ForTensor(
                text.Path, textName, $"expected [classes, {shape[0]}] to fit {ProjectionName}, found {text[textName].ShapeText}.");
        }

        ZeroShotHead head = ZeroShotHead.Create(backend, (int)shape[1], (int)shape[0], (int)textShape[0]);
        backend.Copy(projection.Tensor(ProjectionName), head.Parameters[ProjectionName]);
        backend.Copy(text.Tensor(textName), head.Parameters["text_embeds"]);
        backend.Copy(text.Tensor("logit_scale"), head.Parameters["logit_scale"]);
        head.ParametersChanged();
        return head;
    }

    /// <summary>The objective that a configuration asks for.</summary>
    public static Objective ObjectiveOf(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Architecture == ModelConfiguration.Gpt2LMHeadModel)
        {
            return Objective.LanguageModeling;
        }

        if (configuration.Architecture != ModelConfiguration.Gpt2ForSequenceClassification)
        {
            return Objective.Classification;
        }

        Gpt2Config config = Gpt2Config.From(configuration);
        bool regression = config.ProblemType == ProblemType.Regression
            || (config.ProblemType == ProblemType.Unspecified && config.NumLabels == 1);
        return regression ? Objective.Regression : Objective.Classification;
    }

    private static Gpt2Config TiedConfig(ModelConfiguration configuration)
    {
        Gpt2Config config = Gpt2Config.From(configuration);
        return config.TieWordEmbeddings
            ? config
            : throw new DataException(
                $"{configuration.Path}: tie_word_embeddings is false; expected true: the language-model head is the token table.");
    }

    private static Head Filled(Head head, IBackend backend, Checkpoint checkpoint)
    {
        try
        {
            new StoredParameters(checkpoint, [string.Empty], head.Layout).CopyTo(backend, head.Parameters);
            head.ParametersChanged();
            return head;
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }
}
