using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Makes an expert of a base.</summary>
internal sealed class FineTuneCommand : ToolCommand
{
    private readonly Argument<string> _base = new("base") { Description = "Folder of the checkpoint to start from" };
    private readonly Option<string> _task = new("--task") { Description = "Name of the task", HelpName = "NAME", Required = true };
    private readonly DataOptions _train;
    private readonly DataOptions _test;
    private readonly Option<string> _output = new("--output", "-o") { Description = "Folder to write", HelpName = "DIR", Required = true };
    private readonly FineTuningOptions _settings;

    private readonly Option<int?> _classes = NumericOption.CreateOptional(
        "--classes", "Number of classes; 1 for regression [default: those of the base's head]", 1);

    private readonly Option<string?> _classNames = new("--class-names")
    {
        Description = "Names of the classes, separated by commas",
        HelpName = "NAMES",
    };

    private readonly Option<bool> _newHead = new("--new-head") { Description = "Draw a new head, N(0, 0.02²), even if the base's fits" };

    private readonly Option<string?> _head = new("--head")
    {
        Description = "For CLIP: file with text embeddings and logit_scale",
        HelpName = "FILE",
    };

    private readonly Option<string> _textEmbeds = new("--text-embeds")
    {
        Description = "For CLIP: name of the text embeddings",
        HelpName = "TENSOR",
        DefaultValueFactory = _ => new ZeroShotSource().TextEmbeds,
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace a checkpoint of the same name" };
    private readonly BackendOptions _backend;

    public FineTuneCommand()
        : base("finetune", "Fine-tune a base on one task: makes an expert")
    {
        Add(_base);
        Add(_task);
        _train = new DataOptions(this, "train", string.Empty, "Training data");
        _test = new DataOptions(this, "test", "test-", "Test data");
        Add(_output);
        _settings = new FineTuningOptions(this);
        foreach (Option option in new Option[] { _classes, _classNames, _newHead, _head, _textEmbeds, _force })
        {
            Add(option);
        }

        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "AdamW on all parameters, cosine schedule to zero. The result is a checkpoint in Hugging Face's layout with the task's head, class "
        + "names and preprocessor. A new head is drawn if the number of classes differs; GPT2LMHeadModel becomes a classifier with "
        + "--classes, and stays a language model without. CLIP keeps the zero-shot head of --head frozen.\n\n"
        + "Example:\n"
        + "  weights-tools finetune samples/models/base --task fashion --train samples/data/fashion-train --test samples/data/fashion-test "
        + "--new-head --lr 1.5e-3 --lr-factor \"*.mlp=1\" --lr-factor \"classifier=1\" --lr-factor \"*=0.01\" --steps 2000 --output expert";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        FineTuningSettings settings = _settings.Read(context);
        DataSource train = _train.Read(context)
            ?? throw new UsageException("No training data: expected --train, or --images and --labels, or --tokens.");
        DataSource? test = _test.Read(context);
        IReadOnlyList<string>? classes = ReadClasses(context);
        string output = context.Get(_output);
        using Checkpoint checkpoint = Checkpoint.Open(context.Get(_base));
        OutputFolder.RequireWritable(output, context.Get(_force));
        using IBackend backend = _backend.Create(context);
        string name = context.Get(_task);
        ZeroShotSource zeroShot = new() { File = context.Get(_head), TextEmbeds = context.Get(_textEmbeds) };
        using FineTuningModel model = FineTuningModel.Open(
            backend, checkpoint, name, classes, context.Get(_newHead), zeroShot, settings.Seed);
        using SupervisedTask task = new(
            name,
            model.Head,
            model.Objective,
            train.Load($"{name} train", checkpoint, model.Backbone, model.Classes),
            test?.Load($"{name} test", checkpoint, model.Backbone, model.Classes));
        double loss = Train(context, model, task, settings);
        model.Save(output, context.Get(_force));
        Report(context, model, task, output, loss);
        return ExitCodes.Success;
    }

    private static double Train(CommandContext context, FineTuningModel model, SupervisedTask task, FineTuningSettings settings)
    {
        using FineTuner tuner = new(model.Backbone, [task], settings);
        using Progress progress = context.StartProgress($"fine-tuning on {task.Name}", settings.Steps, "steps");
        while (tuner.Step < settings.Steps)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            tuner.TrainStep();
            progress.Report(tuner.Step, $"loss {Quantity.Significant(tuner.Losses[0])}");
        }

        return tuner.Losses[0];
    }

    private static void Report(CommandContext context, FineTuningModel model, SupervisedTask task, string output, double loss)
    {
        TaskScore? score = task.Test is null ? null : new TaskEvaluator(model.Backbone).Score(task);
        ReportedScore? test = score is null ? null : FrontReport.Score(score.Value, model.Objective);
        context.Report(
            new { Output = output, Task = task.Name, model.HeadIsNew, task.Head.Classes, TrainLoss = loss, Test = test },
            writer =>
            {
                writer.WriteLine($"{output}: loss {Quantity.Significant(loss)}{(model.HeadIsNew ? ", new head" : string.Empty)}");
                if (test is not null)
                {
                    string accuracy = test.Accuracy is double share
                        ? $", accuracy {share.ToString("0.000", CultureInfo.InvariantCulture)}"
                        : string.Empty;
                    writer.WriteLine($"test: loss {Quantity.Significant(test.Loss)}{accuracy}");
                }
            });
    }

    private IReadOnlyList<string>? ReadClasses(CommandContext context)
    {
        int? count = context.Get(_classes);
        string[]? names = context.Get(_classNames)?.Split(',');
        if (names is not null && count is not null && names.Length != count)
        {
            throw new UsageException($"--class-names: expected {count} names, found {names.Length}.");
        }

        if (names is not null && names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new UsageException($"--class-names: a name is used twice in '{string.Join(',', names)}'.");
        }

        return names ?? (count is null ? null : ClassLabels.Numbered(count.Value));
    }
}
