using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Engine.Kernels.Device;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace Engine.Tests;

/// <summary>What can be read off a kernel's PTX without running it.</summary>
internal sealed partial class PtxText
{
    // What CUDA grants every kernel without asking, and what a launch can give on sm_80, which has less than sm_90.
    private const int MostSharedBytes = 48 * 1024;
    private const int MostDynamicSharedBytes = 163 * 1024;
    private const string DynamicShared = ".extern .shared .align 16 .b8 __dyn_shared_alloca[];";

    private readonly string _name;
    private readonly string _text;
    private readonly int _dynamicSharedBytes;

    private PtxText(string name, string text, int dynamicSharedBytes)
    {
        _name = name;
        _text = text;
        _dynamicSharedBytes = dynamicSharedBytes;
    }

    /// <summary>The architecture it is for.</summary>
    public string Target => TargetLine().Match(_text).Groups[1].Value;

    /// <summary>Everything but the architecture; names that the compiler numbers through all kernels, in the order of their appearance
    /// here.</summary>
    public string Body
    {
        get
        {
            Dictionary<string, int> numbers = [];
            return NumberedName().Replace(TargetLine().Replace(_text, string.Empty), match =>
            {
                if (!numbers.TryGetValue(match.Value, out int number))
                {
                    numbers.Add(match.Value, number = numbers.Count);
                }

                return $"#{number}";
            });
        }
    }

    /// <summary>Compiles a kernel, for the oldest architecture that counts.</summary>
    public static PtxText Of(IDeviceKernel kernel)
    {
        using PtxCompiler compiler = new(CudaArchitecture.SM_80);
        return Of(kernel, compiler);
    }

    /// <summary>Compiles a kernel.</summary>
    public static PtxText Of(IDeviceKernel kernel, PtxCompiler compiler) =>
        new(kernel.Name, compiler.Compile(kernel), kernel.DynamicSharedBytes);

    /// <summary>The runs of instructions without a label or a branch in between that contain one that begins with this.</summary>
    public IReadOnlyList<PtxText> RunsWith(string instruction) =>
        [.. RunEnd().Split(_text).Select(run => new PtxText(_name, run, _dynamicSharedBytes)).Where(run => run.Count(instruction) > 0)];

    /// <summary>Instructions that begin with this, for example "ld.global.v4".</summary>
    public int Count(string instruction) => Regex.Count(_text, $@"\s{Regex.Escape(instruction)}[.;\s]");

    /// <summary>Nothing in memory of a thread's own, and <see cref="AssertStandsAlone"/>.</summary>
    public void AssertIsPlain()
    {
        AssertLacks(".local");
        AssertStandsAlone();
    }

    /// <summary>Nothing that a linker would have to find, no jump tables, shared memory that every device has.</summary>
    public void AssertStandsAlone()
    {
        AssertLacks("brx.idx");
        bool hasDynamicShared = _text.Contains(DynamicShared, StringComparison.Ordinal);
        Assert.Equal(hasDynamicShared ? 1 : 0, Regex.Count(_text, @"\.extern\b"));
        Assert.Equal(_dynamicSharedBytes > 0, hasDynamicShared);
        Assert.True(_dynamicSharedBytes <= MostDynamicSharedBytes, $"{_name} asks for {_dynamicSharedBytes} bytes of shared memory.");
        int bytes = SharedArray().Matches(_text).Sum(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.True(bytes <= MostSharedBytes, $"{_name} takes {bytes} bytes of shared memory.");
    }

    private void AssertLacks(string word) =>
        Assert.False(_text.Contains(word, StringComparison.Ordinal), $"{_name} contains {word}.");

    [GeneratedRegex(@"^\.target (\w+)", RegexOptions.Multiline)]
    private static partial Regex TargetLine();

    [GeneratedRegex(@"(?<=[A-Za-z]_)\d+")]
    private static partial Regex NumberedName();

    // Before a label, after a branch.
    [GeneratedRegex(@"^(?=\s*L_\w+:)|(?<=^\s*(?:@!?%p\d+\s+)?(?:bra|ret)\b.*\n)", RegexOptions.Multiline)]
    private static partial Regex RunEnd();

    [GeneratedRegex(@"\.shared \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex SharedArray();
}
