using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Any supported checkpoint, run on one batch: collects what the network computes under the names of the field's standard
/// library.</summary>
internal sealed class ModelRun : IDisposable
{
    private readonly IBackend _backend;
    private readonly SupervisedModel? _model;
    private readonly Backbone _backbone;
    private readonly LinearHead? _projection;
    private readonly Objective _objective;
    private readonly HostTensors _copies = new();
    private readonly List<TensorToWrite> _outputs = [];

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="backend">Computes; stays with the caller.</param>
    /// <param name="checkpoint">Any supported architecture.</param>
    /// <param name="inputs">For CLIP: text_embeds and logit_scale if logits are wanted.</param>
    /// <param name="weightType">Dtype of the backbone's matrices; null for the compute dtype, which gradients need.</param>
    /// <exception cref="DataException">The checkpoint is not supported or incomplete.</exception>
    public ModelRun(IBackend backend, Checkpoint checkpoint, SafetensorsFile inputs, DType? weightType)
    {
        _backend = backend;
        ModelConfiguration configuration = checkpoint.Configuration;
        _objective = ModelLoader.ObjectiveOf(configuration);
        if (configuration.Architecture is not (ModelConfiguration.ClipVisionModel or ModelConfiguration.ClipVisionModelWithProjection))
        {
            _model = SupervisedModel.Load(backend, checkpoint, weightType);
        }
        else if (inputs.Contains("text_embeds"))
        {
            ZeroShotHead head = new ZeroShotSource { File = inputs.Path }.Load(backend, checkpoint);
            _model = new SupervisedModel(ModelLoader.LoadBackbone(backend, checkpoint, weightType), head, _objective);
        }

        _backbone = _model?.Backbone ?? ModelLoader.LoadBackbone(backend, checkpoint, weightType);
        if (_model is null && configuration.Architecture == ModelConfiguration.ClipVisionModelWithProjection)
        {
            _projection = Projection(checkpoint);
        }
    }

    /// <summary>True if there is a head, and so a loss.</summary>
    public bool HasHead => _model is not null;

    /// <summary>The mean loss; null without labels or head.</summary>
    public double? Loss { get; private set; }

    /// <summary>What has been computed; valid until this is disposed.</summary>
    public IReadOnlyList<TensorToWrite> Outputs => _outputs;

    private bool IsClip => _backbone is VisionBackbone && _model is not { Head: LinearHead };

    /// <summary>Reads a batch that fits the model.</summary>
    /// <param name="file">Holds the tensors.</param>
    /// <exception cref="DataException">The batch does not fit; the message names the tensor.</exception>
    public ModelInputs ReadInputs(SafetensorsFile file) => ModelInputs.Read(file, _backbone, _objective, _model?.Head.Classes ?? 0);

    /// <summary>Computes.</summary>
    /// <param name="inputs">The batch.</param>
    /// <param name="hiddenStates">Also collect the residual stream.</param>
    /// <param name="gradients">Also collect dL/dparameter; needs a head and labels.</param>
    public void Run(ModelInputs inputs, bool hiddenStates, bool gradients)
    {
        if (gradients)
        {
            _backbone.WantsInputGradient = _backbone is VisionBackbone;
            _model!.RequestGradients(null);
        }

        TensorRef features = _backbone.Forward(inputs.Batch, hiddenStates || gradients ? ForwardMode.Training : ForwardMode.Inference);
        if (_model is not null)
        {
            Classify(_model, inputs, features, gradients);
        }

        if (IsClip)
        {
            ClipOutputs(features);
        }

        if (hiddenStates)
        {
            HiddenStates(inputs.Batch.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _copies.Dispose();
        _projection?.Dispose();
        if (_model is not null)
        {
            _model.Dispose();
        }
        else
        {
            _backbone.Dispose();
        }
    }

    private LinearHead Projection(Checkpoint checkpoint)
    {
        ClipVisionConfig config = ClipVisionConfig.From(checkpoint.Configuration);
        LinearHead projection = LinearHead.Create(_backend, "visual_projection", config.HiddenSize, config.ProjectionDim, bias: false);
        new StoredParameters(checkpoint, [string.Empty], projection.Layout).CopyTo(_backend, projection.Parameters);
        return projection;
    }

    private void Classify(SupervisedModel model, ModelInputs inputs, TensorRef features, bool gradients)
    {
        TensorRef logits = model.Head.Forward(features);
        Batch batch = inputs.Batch;
        bool perToken = _backbone.Pooling == FeaturePooling.AllTokens;
        Add("logits", logits, perToken ? new Shape(batch.Count, batch.Tokens, model.Head.Classes) : null);
        if (!inputs.HasLabels)
        {
            return;
        }

        using Arena arena = _backend.CreateArena("gradient of the logits", Arena.AlignedSize(logits.DType, logits.Shape));
        TensorRef logitsGradient = gradients ? arena.Allocate("gradient.logits", logits.DType, logits.Shape) : default;
        Loss = model.Loss.Compute(logits, batch, logitsGradient);
        _outputs.Add(_copies.Add<double>("loss", [Loss.Value], new Shape()));
        if (!gradients)
        {
            return;
        }

        model.Backward(features, logitsGradient);
        foreach ((string name, TensorRef gradient) in model.NamedGradients())
        {
            Add($"{(name is "text_embeds" or "logit_scale" ? "grad_head" : "grad")}.{name}", gradient);
        }

        if (_backbone is VisionBackbone vision)
        {
            VisionInput input = vision.Input;
            Add("grad_input.pixel_values", vision.PixelGradient, new Shape(batch.Count, input.Channels, input.ImageSize, input.ImageSize));
        }
    }

    private void ClipOutputs(TensorRef features)
    {
        Add("pooler_output", features);
        if (_model?.Head is ZeroShotHead head)
        {
            Add("image_embeds", head.Embeddings);
        }
        else if (_projection is not null)
        {
            Add("image_embeds", _projection.Forward(features));
        }
    }

    /// <summary>The stream before every block and after the last one. GPT-2's last state is normed, ViT's and CLIP's are not.</summary>
    private void HiddenStates(int samples)
    {
        IReadOnlyList<TensorRef> states = _backbone.HiddenStates();
        TensorRef last = states[^1];
        Shape shape = new(samples, last.Rows / samples, _backbone.FeatureSize);
        for (int i = 0; i < states.Count - 1; i++)
        {
            Add($"hidden_states.{i}", states[i], shape);
        }

        using Arena arena = _backend.CreateArena("normed states", Arena.AlignedSize(last.DType, last.Shape));
        TensorRef normed = arena.Allocate("normed", last.DType, last.Shape);
        _backbone.Normalize(last, normed);
        Add($"hidden_states.{states.Count - 1}", _backbone is Gpt2Backbone ? normed : last, shape);
        Add("last_hidden_state", IsClip ? last : normed, shape);
    }

    private void Add(string name, TensorRef tensor, Shape? shape = null) => _outputs.Add(_copies.Download(name, _backend, tensor, shape));
}
