using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>A parsed PTX module.</summary>
public sealed class PtxModule
{
    internal PtxModule()
    {
    }

    /// <summary>The PTX version by .version.</summary>
    public Version Version { get; internal set; } = new(0, 0);

    /// <summary>The target by .target, such as sm_80.</summary>
    public string Target { get; internal set; } = "";

    /// <summary>The number in the target's name, 80 for sm_80 and sm_80a.</summary>
    public int Architecture
    {
        get
        {
            string digits = new([.. Target.SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit)]);
            return int.TryParse(digits, out int number) ? number : 0;
        }
    }

    /// <summary>The names of the kernels.</summary>
    public IEnumerable<string> EntryNames => Functions.Where(function => function.IsEntry).Select(function => function.Name);

    internal List<PtxFunction> Functions { get; } = [];

    internal List<PtxVariable> Variables { get; } = [];

    /// <summary>Parses PTX text. What is inside instructions is checked by <see cref="KernelCompiler"/>.</summary>
    /// <exception cref="PtxException">The text is not well-formed.</exception>
    public static PtxModule Parse(string source) => new PtxParser(source).ParseModule();

    internal PtxFunction Entry(string? name) =>
        Functions.FirstOrDefault(function => function.IsEntry && (name is null || function.Name == name))
        ?? throw new PtxException($"no entry {name ?? "at all"}, the module has: {string.Join(", ", EntryNames)}");
}
