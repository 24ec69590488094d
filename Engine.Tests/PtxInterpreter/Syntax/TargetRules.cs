using System;
using System.Linq;

namespace Engine.PtxInterpreter;

/// <summary>Which PTX version and architecture instructions need, and what devices of an architecture have.</summary>
internal static class TargetRules
{
    private sealed record Rule(string Opcode, string[] Modifiers, Version Version, int Architecture);

    private static readonly Rule[] Rules =
    [
        new("mma", ["m16n8k16"], new(7, 0), 80),
        new("mma", ["bf16"], new(7, 0), 80),
        new("mma", ["tf32"], new(7, 0), 80),
        new("mma", ["m16n8k8", "f16"], new(6, 5), 75),
        new("ldmatrix", [], new(6, 5), 75),
        new("stmatrix", [], new(7, 8), 90),
        new("cp", ["async"], new(7, 0), 80),
        new("cp", ["bulk"], new(8, 0), 90),
        new("redux", [], new(7, 0), 80),
        new("shfl", ["sync"], new(6, 0), 30),
        new("tanh", [], new(7, 0), 75),
        new("ex2", ["f16"], new(7, 0), 75),
        new("ex2", ["bf16"], new(7, 8), 90),
        new("cvt", ["bf16"], new(7, 0), 80),
        new("cvt", ["bf16x2"], new(7, 0), 80),
        new("cvt", ["f16x2"], new(7, 0), 80),
        new("cvt", ["tf32"], new(7, 0), 80),
        new("fma", ["bf16"], new(7, 0), 80),
        new("fma", ["bf16x2"], new(7, 0), 80),
        new("add", ["bf16"], new(7, 8), 90),
        new("mul", ["bf16"], new(7, 8), 90),
        new("red", ["v2"], new(8, 1), 90),
        new("red", ["v4"], new(8, 1), 90),
        new("ld", ["L1::no_allocate"], new(7, 4), 70),
        new("ld", ["L2::128B"], new(7, 4), 75),
        new("brx", ["idx"], new(6, 0), 30),
    ];

    /// <summary>The most shared memory of a block that a driver can be asked for. CUDA C++ Programming Guide, Technical Specifications per
    /// Compute Capability.</summary>
    public static int SharedLimit(int architecture) => 1024 * architecture switch
    {
        < 70 => 48,
        < 75 => 96,
        75 => 64,
        86 or 89 or 120 or 121 => 99,
        < 90 => 163,
        _ => 227,
    };

    public static void Check(InstructionStatement statement, PtxModule module, Action<string> report)
    {
        foreach (Rule rule in Rules)
        {
            if (rule.Opcode != statement.Opcode[0] || !rule.Modifiers.All(statement.Has))
            {
                continue;
            }

            if (module.Version < rule.Version)
            {
                report($"{statement.Mnemonic} needs .version {rule.Version}, not {module.Version}");
            }

            if (module.Architecture < rule.Architecture)
            {
                report($"{statement.Mnemonic} needs sm_{rule.Architecture}, not {module.Target}");
            }
        }
    }
}
