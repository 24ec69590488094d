using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Engine.PtxInterpreter;

/// <summary>The spelling of each opcode: which modifiers it takes and in which order, after the PTX ISA.</summary>
internal static class MnemonicRules
{
    private const string Integer = "[us](16|32|64)";
    private const string AnyInteger = "[us](8|16|32|64)";
    private const string Bits = "b(16|32|64)";
    private const string Rounding = @"\.(rn|rz|rm|rp)";
    private const string Small = "(f16|f16x2|bf16|bf16x2)";
    private const string Any = "([bus](8|16|32|64)|b128|f16|f16x2|bf16|bf16x2|f32|f64)";
    private const string Space = @"(\.(global|local|const|shared(::\w+)?|param(::\w+)?))?";
    private const string Scope = "(cta|cluster|gpu|sys)";
    private const string Hints = @"(\.L\d::\w+)*";
    private const string AtomicOperation = @"\.(add|min|max|and|or|xor|exch|cas|inc|dec)";
    private const string FloatSum = $@"({Rounding})?(\.ftz)?(\.sat)?\.f32|({Rounding})?\.f64|(\.rn)?(\.ftz)?(\.sat)?\.{Small}";

    private const string Comparison = "(eq|ne|lt|le|gt|ge|lo|ls|hi|hs|equ|neu|ltu|leu|gtu|geu|num|nan)";
    private const string MatrixElement = "(f16|bf16|tf32|s8|u8)";
    private const string Accumulator = "(f32|f16|s32)";
    private const string ConvertRounding = @"(\.(rni|rzi|rmi|rpi|rn|rz|rm|rp|rna))?";
    private const string Cache = @"(\.(ca|cg|cs|lu|cv))?(\.nc)?";

    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["add"] = $@"\.{Integer}|\.sat\.s32|{FloatSum}",
        ["sub"] = $@"\.{Integer}|\.sat\.s32|{FloatSum}",
        ["mul"] = $@"\.(lo|hi)\.{Integer}|\.wide\.[us](16|32)|{FloatSum}",
        ["mad"] = $@"\.(lo|hi)\.{Integer}|\.wide\.[us](16|32)|\.hi\.sat\.s32|({Rounding})(\.ftz)?(\.sat)?\.f32|{Rounding}\.f64",
        ["fma"] = $@"{Rounding}(\.ftz)?(\.sat)?\.f32|{Rounding}\.f64|\.rn(\.ftz)?(\.sat|\.relu)?\.{Small}",
        ["div"] = $@"\.{Integer}|\.(full|approx)(\.ftz)?\.f32|{Rounding}(\.ftz)?\.f32|{Rounding}\.f64",
        ["rem"] = $@"\.{Integer}",
        ["abs"] = $@"\.s(16|32|64)|(\.ftz)?\.f32|\.f64|(\.ftz)?\.{Small}",
        ["neg"] = $@"\.s(16|32|64)|(\.ftz)?\.f32|\.f64|(\.ftz)?\.{Small}",
        ["min"] = $@"\.{Integer}|(\.ftz)?(\.NaN)?\.(f32|{Small})|\.f64",
        ["max"] = $@"\.{Integer}|(\.ftz)?(\.NaN)?\.(f32|{Small})|\.f64",
        ["rcp"] = $@"\.approx(\.ftz)?\.f32|\.approx\.ftz\.f64|{Rounding}(\.ftz)?\.f32|{Rounding}\.f64",
        ["sqrt"] = $@"\.approx(\.ftz)?\.f32|{Rounding}(\.ftz)?\.f32|{Rounding}\.f64",
        ["rsqrt"] = @"\.approx(\.ftz)?\.(f32|f64)",
        ["sin"] = @"\.approx(\.ftz)?\.f32",
        ["cos"] = @"\.approx(\.ftz)?\.f32",
        ["lg2"] = @"\.approx(\.ftz)?\.f32",
        ["ex2"] = @"\.approx(\.ftz)?\.f32|\.approx\.(f16|f16x2)|\.approx\.ftz\.(bf16|bf16x2)",
        ["tanh"] = $@"\.approx\.(f32|{Small})",
        ["testp"] = @"\.(finite|infinite|number|notanumber|normal|subnormal)\.(f32|f64)",
        ["copysign"] = @"\.(f32|f64)",
        ["popc"] = @"\.b(32|64)",
        ["clz"] = @"\.b(32|64)",
        ["brev"] = @"\.b(32|64)",
        ["bfind"] = @"(\.shiftamt)?\.[us](32|64)",
        ["bfe"] = @"\.[us](32|64)",
        ["bfi"] = @"\.b(32|64)",
        ["and"] = $@"\.(pred|{Bits})",
        ["or"] = $@"\.(pred|{Bits})",
        ["xor"] = $@"\.(pred|{Bits})",
        ["not"] = $@"\.(pred|{Bits})",
        ["cnot"] = $@"\.{Bits}",
        ["shl"] = $@"\.{Bits}",
        ["shr"] = @"\.[bus](16|32|64)",
        ["shf"] = @"\.(l|r)\.(clamp|wrap)\.b32",
        ["prmt"] = @"\.b32(\.(f4e|b4e|rc8|ecl|ecr|rc16))?",
        ["lop3"] = @"\.b32",
        ["setp"] = $@"\.{Comparison}(\.(and|or|xor))?(\.ftz)?\.([bus](16|32|64)|f32|f64|{Small})",
        ["set"] = @"\.\w+(\.ftz)?\.(u32|s32|f32)\.([bus](16|32|64)|f32|f64)",
        ["selp"] = @"\.([bus](16|32|64)|f32|f64)",
        ["slct"] = @"(\.ftz)?\.([bus](16|32|64)|f32|f64)\.(s32|f32)",
        ["mov"] = @"\.(pred|[bus](16|32|64)|b128|f32|f64)",
        ["cvt"] = $@"{ConvertRounding}(\.relu)?(\.ftz)?(\.sat)?\.({AnyInteger}|{Small}|tf32|f32|f64)\.({AnyInteger}|f16|bf16|f32|f64)",
        ["cvta"] = @"(\.to)?\.(global|local|const|shared(::cta)?|param)\.(u32|u64)",
        ["ld"] = $@"(\.(weak|volatile|(relaxed|acquire)\.{Scope}))?{Space}{Cache}{Hints}(\.(v2|v4))?\.{Any}",
        ["ldu"] = $@"(\.global)?(\.(v2|v4))?\.{Any}",
        ["st"] = $@"(\.(weak|volatile|(relaxed|release)\.{Scope}))?{Space}(\.(wb|cg|cs|wt))?{Hints}(\.(v2|v4))?\.{Any}",
        ["atom"] = $@"(\.(relaxed|acquire|release|acq_rel))?(\.{Scope})?{Space}{AtomicOperation}(\.noftz)?\.{Any}|" +
            $@"{AtomicOperation}{Space}\.{Any}",
        ["red"] = $@"(\.(relaxed|release))?(\.{Scope})?{Space}{AtomicOperation}(\.noftz)?(\.(v2|v4))?\.{Any}|" +
            $@"{AtomicOperation}{Space}\.{Any}",
        ["cp"] = @"\.async\.(ca|cg)\.shared(::cta)?\.global(\.L2::\w+)*|\.async\.(commit_group|wait_group|wait_all)",
        ["membar"] = @"\.(cta|gl|sys)",
        ["fence"] = $@"(\.(sc|acq_rel))?\.{Scope}",
        ["bar"] = @"(\.cta)?\.sync|(\.cta)?\.red\.popc\.u32|(\.cta)?\.red\.(and|or)\.pred|\.warp\.sync",
        ["barrier"] = @"(\.cta)?\.sync(\.aligned)?|(\.cta)?\.red\.popc(\.aligned)?\.u32|(\.cta)?\.red\.(and|or)(\.aligned)?\.pred",
        ["shfl"] = @"\.sync\.(up|down|bfly|idx)\.b32",
        ["vote"] = @"\.sync\.(all|any|uni)\.pred|\.sync\.ballot\.b32",
        ["activemask"] = @"\.b32",
        ["redux"] = @"\.sync\.(add|min|max)\.(u32|s32)|\.sync\.(and|or|xor)\.b32",
        ["mma"] = $@"\.sync\.aligned\.m16n8k(4|8|16|32)\.row\.col\.{Accumulator}\.{MatrixElement}\.{MatrixElement}\.{Accumulator}",
        ["ldmatrix"] = @"\.sync\.aligned\.m8n8\.(x1|x2|x4)(\.trans)?(\.shared(::cta)?)?\.b16",
        ["stmatrix"] = @"\.sync\.aligned\.m8n8\.(x1|x2|x4)(\.trans)?(\.shared(::cta)?)?\.b16",
        ["bra"] = @"(\.uni)?",
        ["brx"] = @"\.idx(\.uni)?",
        ["call"] = @"(\.uni)?",
        ["ret"] = @"(\.uni)?",
        ["exit"] = "",
        ["trap"] = "",
    };

    // Verdicts by opcode with modifiers: kernels have thousands of instructions and dozens of opcodes.
    private static readonly ConcurrentDictionary<string, bool> Verdicts = new(StringComparer.Ordinal);

    /// <summary>Reports an opcode whose modifiers an assembler would not take.</summary>
    public static void Check(InstructionStatement statement, Action<string> report)
    {
        string opcode = statement.Opcode[0];
        if (!Verdicts.GetOrAdd(statement.Mnemonic, static (mnemonic, name) => IsForm(name, mnemonic[name.Length..]), opcode))
        {
            report($"{statement.Mnemonic} is not a form of {opcode}");
        }
    }

    // Opcodes without a rule are left to the compiler, which knows what it can run.
    private static bool IsForm(string opcode, string modifiers) =>
        !Patterns.TryGetValue(opcode, out string? pattern) || Regex.IsMatch(modifiers, $"^({pattern})$", RegexOptions.CultureInvariant);
}
