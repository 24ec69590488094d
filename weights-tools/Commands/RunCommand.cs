using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>One batch through one model: logits, loss, hidden states, gradients.</summary>
internal sealed class RunCommand : ToolCommand
{
    private readonly Argument<string> _model = new("model") { Description = "Folder of a checkpoint" };

    private readonly Option<string> _inputs = new("--inputs", "-i")
    {
        Description = "Safetensors file with input_ids or pixel_values, and labels if a loss is wanted",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Safetensors file to write",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<bool> _hiddenStates = new("--hidden-states")
    {
        Description = "Also write hidden_states.i and last_hidden_state",
    };

    private readonly Option<bool> _gradients = new("--gradients")
    {
        Description = "Also write grad.PARAMETER for all parameters, and grad_input.pixel_values; needs labels",
    };

    private readonly WeightTypeOption _weightType;
    private readonly BackendOptions _backend;

    public RunCommand()
        : base("run", "Run a model on a file of inputs: logits, loss, hidden states, gradients")
    {
        Add(_model);
        Add(_inputs);
        Add(_output);
        Add(_hiddenStates);
        Add(_gradients);
        _weightType = new WeightTypeOption(this);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Computes one forward pass, and with --gradients one backward pass, of ViTForImageClassification, CLIPVisionModel(WithProjection), "
        + "GPT2LMHeadModel or GPT2ForSequenceClassification. The loss is the mean cross-entropy, -1/N Σ ln softmax(logits)[label], where "
        + "label -100 does not count; for one label (regression) the mean squared error. Names and shapes are those of Hugging Face.\n\n"
        + "Inputs: input_ids and attention_mask I64 [B, S], pixel_values [B, C, H, W], labels I64 [B] or [B, S]; text_embeds [K, D] and "
        + "logit_scale [] give CLIP a zero-shot head, without them it writes pooler_output and image_embeds. Other tensors are ignored.\n\n"
        + "With --dtype bf16 the backbone's matrices are rounded to nearest even; there are no gradients then.\n\n"
        + "Example:\n  weights-tools run models/gpt2 --inputs batch.safetensors --output result.safetensors --gradients";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        DType? weightType = _weightType.Of(context);
        if (weightType is not null && context.Get(_gradients))
        {
            throw new UsageException("--gradients: expected --dtype f32, found bf16, which is for forward passes.");
        }

        using Checkpoint checkpoint = Checkpoint.Open(context.Get(_model));
        using SafetensorsFile file = SafetensorsFile.Open(context.Get(_inputs));
        using IBackend backend = _backend.Create(context);
        using ModelRun run = new(backend, checkpoint, file, weightType);
        ModelInputs inputs = run.ReadInputs(file);
        if (context.Get(_gradients) && !(run.HasHead && inputs.HasLabels))
        {
            throw DataException.ForTensor(file.Path, run.HasHead ? "labels" : "text_embeds", "missing; gradients need a loss.");
        }

        run.Run(inputs, context.Get(_hiddenStates), context.Get(_gradients));
        if (run.Loss is double loss && !double.IsFinite(loss))
        {
            context.Warn($"the loss is {loss}");
        }

        string output = context.Get(_output);
        SafetensorsWriter.Write(output, run.Outputs);
        Report(context, checkpoint, backend, inputs.Batch.Count, run);
        return ExitCodes.Success;
    }

    private static void Report(
        CommandContext context, Checkpoint checkpoint, IBackend backend, int samples, ModelRun run) => context.Report(
        new
        {
            Model = checkpoint.Path,
            checkpoint.Configuration.Architecture,
            Device = backend.Info.Name,
            Samples = samples,
            run.Loss,
            Tensors = run.Outputs.Select(static tensor => new
            {
                tensor.Name,
                Dtype = tensor.StoredDType.ToString(),
                Shape = Enumerable.Range(0, tensor.Source.Shape.Rank).Select(i => tensor.Source.Shape[i]),
            }),
        },
        writer => WriteText(writer, samples, run));

    private static void WriteText(TextWriter writer, int samples, ModelRun run)
    {
        Table table = new Table().Words("tensor").Words("shape");
        foreach (TensorToWrite tensor in run.Outputs)
        {
            table.Add(tensor.Name, tensor.Source.Shape.ToString());
        }

        table.WriteText(writer);
        writer.WriteLine();
        writer.WriteLine(FormattableString.Invariant(
            $"{samples} samples{(run.Loss is double loss ? $", loss {loss:G9}" : string.Empty)}"));
    }
}
