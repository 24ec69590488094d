using System;
using System.Collections.Generic;
using Engine.Kernels;

namespace Engine.Models;

/// <summary>The names that safetensors headers use for element types.</summary>
public static class SafetensorsDTypes
{
    /// <summary>All names that can be read and written, for messages.</summary>
    public const string Supported = "F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL";

    private static readonly Dictionary<string, DType> ByName = new(StringComparer.Ordinal)
    {
        ["F64"] = DType.F64,
        ["F32"] = DType.F32,
        ["F16"] = DType.F16,
        ["BF16"] = DType.BF16,
        ["I64"] = DType.I64,
        ["I32"] = DType.I32,
        ["I16"] = DType.I16,
        ["I8"] = DType.I8,
        ["U64"] = DType.U64,
        ["U32"] = DType.U32,
        ["U16"] = DType.U16,
        ["U8"] = DType.U8,
        ["BOOL"] = DType.Bool,
    };

    /// <summary>The header name of an element type, for example "BF16" or "BOOL".</summary>
    public static string NameOf(DType dtype) => dtype == DType.Bool ? "BOOL" : dtype.ToString();

    /// <summary>Looks a header name up; case matters.</summary>
    public static bool TryParse(string name, out DType dtype) => ByName.TryGetValue(name, out dtype);
}
