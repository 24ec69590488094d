using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Engine.Kernels;
using Engine.Models;

namespace WeightsTools;

/// <summary>Continues a sequence of tokens.</summary>
internal sealed class GenerateCommand : ToolCommand
{
    private readonly Argument<string> _model = new("model") { Description = "Folder of a GPT2LMHeadModel" };

    private readonly Option<string?> _ids = new("--ids") { Description = "Token ids of the prompt, separated by commas", HelpName = "IDS" };

    private readonly Option<string?> _prompt = new("--prompt-file")
    {
        Description = "Safetensors file whose input_ids [S] or [1, S] are the prompt",
        HelpName = "FILE",
    };

    private readonly Option<int> _tokens = NumericOption.Create("--tokens", "Tokens to add", 20, 1);
    private readonly Option<int?> _stop = NumericOption.CreateOptional("--stop", "Ends after this token id", 0);
    private readonly WeightTypeOption _weightType;
    private readonly BackendOptions _backend;

    public GenerateCommand()
        : base("generate", "Continue a sequence of tokens with GPT-2")
    {
        Add(_model);
        Add(_ids);
        Add(_prompt);
        Add(_tokens);
        Add(_stop);
        _weightType = new WeightTypeOption(this);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Greedy: every new token is argmax softmax(logits). Keys and values of earlier tokens are kept, so a token costs one pass over the "
        + "weights: with --dtype bf16 it reads half the bytes. Matrices of a wider checkpoint are then rounded to nearest even. Prompts "
        + "are token ids; the new ids are printed, separated by commas.\n\n"
        + "Example:\n  weights-tools generate models/gpt2 --ids \"464,3290\" --tokens 10 --dtype bf16";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        using Checkpoint checkpoint = Checkpoint.Open(context.Get(_model));
        if (checkpoint.Configuration.Architecture != ModelConfiguration.Gpt2LMHeadModel)
        {
            throw new DataException(
                $"{checkpoint.Path}: expected {ModelConfiguration.Gpt2LMHeadModel}, found {checkpoint.Configuration.Architecture}.");
        }

        int[] prompt = ReadPrompt(context, Gpt2Config.From(checkpoint.Configuration));
        using IBackend backend = _backend.Create(context);
        using Gpt2Backbone backbone = (Gpt2Backbone)ModelLoader.LoadBackbone(backend, checkpoint, _weightType.Of(context));
        using Gpt2Generator generator = new(backbone);
        int count = context.Get(_tokens);
        List<int> added = [];
        Stopwatch clock = Stopwatch.StartNew();
        using (Progress progress = context.StartProgress("generating", count, "tokens"))
        {
            foreach (int id in generator.Generate(prompt, count, context.Get(_stop)))
            {
                added.Add(id);
                progress.Report(added.Count);
                context.Cancellation.ThrowIfCancellationRequested();
            }
        }

        double speed = added.Count / clock.Elapsed.TotalSeconds;
        context.Report(
            new { PromptIds = prompt, NewIds = added, TokensPerSecond = speed, Device = backend.Info.Name },
            writer => writer.WriteLine(string.Join(',', added)));
        context.Message($"{Quantity.Significant(speed)} tokens/s");
        return ExitCodes.Success;
    }

    private static long[] Parse(string text) => Array.ConvertAll(
        text.Split(',', StringSplitOptions.TrimEntries),
        static part => long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id)
            ? id
            : throw new UsageException($"--ids: expected token ids separated by commas, found '{part}'."));

    private static long[] Read(string path)
    {
        const string Name = "input_ids";
        using SafetensorsFile file = SafetensorsFile.Open(path);
        IReadOnlyList<long> shape = file[Name].Shape;
        return shape.Count == 1 || (shape.Count == 2 && shape[0] == 1)
            ? file.ReadInt64s(Name)
            : throw DataException.ForTensor(path, Name, $"expected one sequence [S] or [1, S], found {file[Name].ShapeText}.");
    }

    private int[] ReadPrompt(CommandContext context, Gpt2Config config)
    {
        string? text = context.Get(_ids);
        string? path = context.Get(_prompt);
        if ((text is null) == (path is null))
        {
            throw new UsageException("Expected a prompt: either --ids or --prompt-file.");
        }

        string origin = path is null ? "--ids" : $"{path}: tensor 'input_ids'";
        long[] ids = text is not null ? Parse(text) : Read(path!);
        int count = context.Get(_tokens);
        if (ids.Length == 0 || ids.Length + count > config.MaxPositionEmbeddings)
        {
            throw new DataException(
                $"{origin}: {ids.Length} tokens and {count} new ones; expected at least one, and {config.MaxPositionEmbeddings} at most in "
                + "all.");
        }

        int wrong = Array.FindIndex(ids, id => id < 0 || id >= config.VocabSize);
        return wrong < 0
            ? Array.ConvertAll(ids, static id => (int)id)
            : throw new DataException($"{origin}: token {ids[wrong]} is out of range, expected 0 to {config.VocabSize - 1}.");
    }
}
