using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.IO.Enumeration;
using System.Linq;
using Engine.Kernels;
using Engine.Kernels.Cases;

namespace WeightsTools;

/// <summary>Is this device right?</summary>
internal sealed class SelfTestCommand : ToolCommand
{
    private readonly Option<string> _filter = new("--filter", "-f")
    {
        Description = "Run only cases whose name matches this pattern; * and ? are wildcards",
        HelpName = "PATTERN",
        DefaultValueFactory = _ => "*",
    };

    private readonly BackendOptions _backend;
    private readonly IEnumerable<OpCase> _cases;

    public SelfTestCommand()
        : this(OpCases.Small)
    {
    }

    /// <summary>Compares other cases than the table's, for tests.</summary>
    internal SelfTestCommand(IEnumerable<OpCase> cases)
        : base("selftest", "Compare every op of a device with the reference implementation")
    {
        _cases = cases;
        Add(_filter);
        _backend = new BackendOptions(this);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Runs the same table of cases that the tests and benchmarks use. An output passes if max|a - b| / max|b| is within the tolerance "
        + "of its dtype, and nothing beside it was written. Exit code 4 if a case differs.\n\n"
        + "Example:\n  weights-tools selftest --device host --filter \"Gemm*\"";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        using IBackend backend = _backend.Create(context);
        string pattern = context.Get(_filter);
        OpCase[] cases = [.. _cases.Where(opCase => FileSystemName.MatchesSimpleExpression(pattern, opCase.ToString(), ignoreCase: false))];
        if (cases.Length == 0)
        {
            throw new UsageException($"--filter: no case matches '{pattern}'.");
        }

        List<CaseResult> different = [];
        using (Progress progress = context.StartProgress("comparing", cases.Length, "cases"))
        {
            for (int i = 0; i < cases.Length; i++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                CaseResult result = OpCaseComparison.WithReference(cases[i], backend);
                if (!result.Passed)
                {
                    different.Add(result);
                }

                progress.Report(i + 1);
            }
        }

        context.Report(
            new
            {
                Device = backend.Info.Name,
                backend.Info.Description,
                Cases = cases.Length,
                Different = different.Select(static result => new { Case = result.Case.ToString(), Problem = result.ToString() }),
            },
            writer => WriteText(writer, backend, cases.Length, different));
        return different.Count == 0 ? ExitCodes.Success : ExitCodes.Device;
    }

    private static void WriteText(TextWriter writer, IBackend backend, int count, List<CaseResult> different)
    {
        different.ForEach(writer.WriteLine);
        writer.WriteLine(
            $"{backend.Info.Name} ({backend.Info.Description}): {Quantity.Count(count)} cases, "
            + $"{Quantity.Count(different.Count)} different from the reference");
    }
}
