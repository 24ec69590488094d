using System;

namespace Engine.PtxInterpreter;

/// <summary>Tells the category of instructions.</summary>
internal static class InstructionCategories
{
    private static readonly string[] Memory = ["ld", "st", "ldmatrix", "stmatrix", "atom", "red", "cp"];

    private static readonly string[] Operations =
    [
        "add", "sub", "mul", "mad", "fma", "div", "rem", "abs", "neg", "min", "max", "rcp", "sqrt", "rsqrt", "sin", "cos", "lg2", "ex2",
        "tanh", "copysign",
    ];

    private static readonly string[] FloatingTypes = ["f16", "f16x2", "bf16", "bf16x2", "f32", "f64"];

    /// <summary>The category of an instruction.</summary>
    public static InstructionCategory Of(InstructionStatement instruction)
    {
        string operation = instruction.Opcode[0];
        return operation switch
        {
            "mma" => InstructionCategory.Tensor,
            "bar" or "barrier" => InstructionCategory.Barrier,
            _ when Contains(Memory, operation) => instruction.Has("global") ? InstructionCategory.Global
                : instruction.Has("shared") ? InstructionCategory.Shared
                : InstructionCategory.Other,
            _ when Contains(Operations, operation) && Contains(FloatingTypes, instruction.Opcode[^1]) => InstructionCategory.Arithmetic,
            _ => InstructionCategory.Other,
        };
    }

    private static bool Contains(string[] words, string word) => Array.IndexOf(words, word) >= 0;
}
