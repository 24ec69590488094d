using System;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Tasks;
using WeightsTools;
using Xunit;

namespace Engine.Tests;

/// <summary>The program as a script sees it: a process with two streams and an exit code.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task Main_Json_StandardOutputIsOneDocument()
    {
        (int code, string output, string error) = await Run("inspect", SourceTree.PathOf("samples", "models", "base"), "--json");

        Assert.Equal(ExitCodes.Success, code);
        Assert.Equal(136138, JsonDocument.Parse(output).RootElement.GetProperty("parameters").GetInt64());
        Assert.Empty(error);
    }

    [Fact]
    public async Task Main_MissingFile_ReturnsDataErrorOnStandardError()
    {
        (int code, string output, string error) = await Run("inspect", "no/such/model");

        Assert.Equal(ExitCodes.Data, code);
        Assert.Empty(output);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
