using System;
using System.IO;
using System.Threading;
using Engine.Kernels;
using Engine.Models;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>Arguments in, exit code and streams out.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly CommandLineHarness _harness = new();

    public static TheoryData<Exception, int, string> Failures => new()
    {
        { new UsageException("--grid: expected 2 or more"), ExitCodes.Usage, "usage" },
        { new DataException("a.safetensors: truncated"), ExitCodes.Data, "data" },
        { new FileNotFoundException("no such file"), ExitCodes.Data, "data" },
        { new UnauthorizedAccessException("access denied"), ExitCodes.Data, "data" },
        { new BackendException("no device 'cuda'"), ExitCodes.Device, "device" },
        { new InsufficientMemoryException("too much"), ExitCodes.Device, "device" },
        { new OperandException("Gemm: shapes differ"), ExitCodes.Bug, "bug" },
        { new InvalidOperationException("impossible"), ExitCodes.Bug, "bug" },
        { new AggregateException(new DataException("b.safetensors: truncated")), ExitCodes.Data, "data" },
        { new OperationCanceledException(), ExitCodes.Cancelled, "cancelled" },
    };

    [Fact]
    public void Run_NoArguments_ShowsHelp()
    {
        Assert.Equal(ExitCodes.Success, _harness.Run());
        Assert.Contains("inspect", _harness.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes", _harness.Output, StringComparison.Ordinal);
        Assert.Empty(_harness.Error);
    }

    [Theory]
    [InlineData("'nonsense' is no command", "nonsense")]
    [InlineData("'--nonsense' is no command", "inspect", "model", "--nonsense")]
    [InlineData("Required argument missing", "inspect")]
    public void Run_WrongArguments_IsUsageErrorInOneLine(string message, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, _harness.Run(arguments));
        Assert.Empty(_harness.Output);
        Assert.StartsWith("error: ", _harness.Error, StringComparison.Ordinal);
        Assert.Contains(message, _harness.Error, StringComparison.Ordinal);
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Run_Exception_BecomesExitCodeAndOneLine(Exception exception, int code, string kind)
    {
        Assert.Equal(code, _harness.RunAction(_ => throw exception, "--json"));
        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.Equal(code, _harness.Json.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(kind, _harness.Json.GetProperty("error").GetProperty("kind").GetString());
    }

    [Fact]
    public void Run_ExceptionWithLineBreaks_IsOneLine()
    {
        _harness.RunAction(_ => throw new DataException("one\ntwo\u001b[31m"));

        Assert.Single(_harness.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain('\u001b', _harness.Error);
    }

    [Fact]
    public void Run_ExceptionWithVerbose_ShowsStackTrace()
    {
        _harness.RunAction(_ => throw new DataException("truncated"), "--verbose");

        Assert.Contains("   at ", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Json_WritesOneDocumentAndNothingElse()
    {
        int code = _harness.RunAction(Work, "--json");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal(2, _harness.Json.GetProperty("task_count").GetInt32());
        Assert.Equal("NaN", _harness.Json.GetProperty("loss").GetString());
        Assert.Contains("a message", _harness.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Quiet_HidesMessagesButNotWarnings()
    {
        _harness.RunAction(Work, "--quiet");

        Assert.Equal("as text\n", _harness.Output.ReplaceLineEndings("\n"));
        Assert.Equal("warning: beware\n", _harness.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Run_JsonThenFailure_WritesOnlyTheError()
    {
        int code = _harness.RunAction(
            context =>
            {
                Work(context);
                throw new DataException("disk full");
            },
            "--json");

        Assert.Equal(ExitCodes.Data, code);
        Assert.True(_harness.Json.TryGetProperty("error", out _));
    }

    [Fact]
    public void Run_CommandWithoutResult_IsABug() => Assert.Equal(ExitCodes.Bug, _harness.RunAction(_ => ExitCodes.Success));

    [Fact]
    public void Run_CommandWithTwoResults_IsABug() =>
        Assert.Equal(ExitCodes.Bug, _harness.RunAction(context => Work(context) + Work(context)));

    [Fact]
    public void Run_CancelledToken_EndsWithCodeOfAnInterrupt()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        LoopingCommand command = new();

        Assert.Equal(ExitCodes.Cancelled, _harness.Run([command], source.Token, "loop"));
        Assert.Equal("cancelled\n", _harness.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Run_Group_RequiresOneOfItsCommands()
    {
        CommandGroup group = new("group", "Several commands", [new LoopingCommand()]);

        Assert.Equal(ExitCodes.Usage, _harness.Run([group], CancellationToken.None, "group"));
        Assert.Contains("see 'weights-tools group --help'", _harness.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _harness.Dispose();

    private static int Work(CommandContext context)
    {
        context.Message("a message");
        context.Warn("beware");
        context.Report(new { TaskCount = 2, Loss = double.NaN }, writer => writer.WriteLine("as text"));
        return ExitCodes.Success;
    }

    private sealed class LoopingCommand() : ToolCommand("loop", "Runs until it is cancelled")
    {
        public override int Run(CommandContext context)
        {
            while (true)
            {
                context.Cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
