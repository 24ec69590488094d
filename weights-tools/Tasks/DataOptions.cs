using System.CommandLine;

namespace WeightsTools;

/// <summary>The options that name one data set: in full, or by the beginning of its files' names.</summary>
internal sealed class DataOptions
{
    private readonly string _short;
    private readonly Option<string?> _stem;
    private readonly Option<string?> _images;
    private readonly Option<string?> _labels;
    private readonly Option<string?> _tokens;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">Of the short form, for example "train".</param>
    /// <param name="prefix">Of the others, for example "test-".</param>
    /// <param name="description">What the data are for.</param>
    public DataOptions(Command command, string name, string prefix, string description)
    {
        _short = $"--{name}";
        _stem = new Option<string?>(_short)
        {
            Description = $"{description}: a .safetensors file of tokens, or the beginning of the names of two IDX files",
            HelpName = "DATA",
        };
        _images = new Option<string?>($"--{prefix}images") { Description = "Instead: IDX file of images", HelpName = "FILE" };
        _labels = new Option<string?>($"--{prefix}labels") { Description = "and IDX file of labels", HelpName = "FILE" };
        _tokens = new Option<string?>($"--{prefix}tokens")
        {
            Description = "Instead: safetensors file of input_ids and labels",
            HelpName = "FILE",
        };
        foreach (Option option in new[] { _stem, _images, _labels, _tokens })
        {
            command.Add(option);
        }
    }

    /// <summary>The data named; null if none are.</summary>
    /// <exception cref="UsageException">They are named twice, or by half.</exception>
    public DataSource? Read(CommandContext context)
    {
        DataSource source = new()
        {
            Stem = context.Get(_stem),
            Images = context.Get(_images),
            Labels = context.Get(_labels),
            Tokens = context.Get(_tokens),
        };
        if (source == new DataSource())
        {
            return null;
        }

        return source.IsComplete
            ? source
            : throw new UsageException($"Expected one of: {_short}; {_images.Name} and {_labels.Name}; {_tokens.Name}.");
    }
}
