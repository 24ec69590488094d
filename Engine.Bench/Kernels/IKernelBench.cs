using System;
using System.Collections.Generic;
using System.IO;

namespace Engine.Bench;

/// <summary>Where variants run, and what is told of them.</summary>
internal interface IKernelBench : IDisposable
{
    /// <summary>The device, for example "PTX for sm_80 on the interpreter".</summary>
    string Device { get; }

    /// <summary>Runs all variants of an op.</summary>
    /// <param name="op">The op.</param>
    /// <param name="sizes">As the user wants them; null for what suits the device.</param>
    IReadOnlyList<VariantResult> Run(KernelOp op, KernelSizes? sizes);

    /// <summary>Writes a line per variant.</summary>
    void WriteTable(TextWriter output, IReadOnlyList<VariantResult> results);

    /// <summary>Writes a line of JSON per variant.</summary>
    void WriteJson(TextWriter output, KernelOp op, IReadOnlyList<VariantResult> results);
}
