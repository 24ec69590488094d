using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;

/// <summary>Operands: names, constants, vectors and addresses become slots of the register file.</summary>
public sealed partial class KernelCompiler
{
    private readonly Dictionary<ulong, int> _constants = [];
    private readonly Dictionary<string, int> _specials = [];

    private int Constant(ulong value)
    {
        if (!_constants.TryGetValue(value, out int slot))
        {
            _constants[value] = slot = NewSlot();
            _kernel.Constants.Add((slot, value));
        }

        return slot;
    }

    private int Special(string name)
    {
        if (!_specials.TryGetValue(name, out int slot))
        {
            _specials[name] = slot = NewSlot();
            _kernel.Specials.Add((slot, name));
        }

        return slot;
    }

    /// <summary>The slot of a scalar source; wider registers pass where the instruction allows it.</summary>
    private int Source(PtxOperand operand, PtxType type, bool widerAllowed = false)
    {
        switch (operand)
        {
            case NameOperand { Negated: true }:
                throw new PtxException($"{operand} cannot be negated here");
            case NameOperand name when Find(name.Name) is RegisterSymbol register:
                Check(name.Name, register.Type, type, widerAllowed);
                return register.Slot;
            case NameOperand name when Find(name.Name) is VariableSymbol variable:
                return AddressOf(variable);
            case NameOperand { Name: "WARP_SZ" }:
                return Constant(Warp.Lanes);
            case NameOperand name when SpecialRegisters.Contains(name.Name):
                return Special(name.Name);
            case NameOperand name:
                throw new PtxException($"{name.Name} is not declared");
            case VectorOperand { Elements.Count: 1 } single:
                return Source(single.Elements[0], type, widerAllowed);
            default:
                return Constant(ConstantBits(operand, type));
        }
    }

    /// <summary>The slot of a predicate that may be negated.</summary>
    private (int Slot, bool Negated) Condition(PtxOperand operand) => operand is NameOperand { Negated: true } name
        ? (Source(new NameOperand(name.Name, Negated: false), PtxType.Pred), true)
        : (Source(operand, PtxType.Pred), false);

    private static void Check(string name, PtxType register, PtxType instruction, bool widerAllowed)
    {
        if (PtxTypes.Agrees(register, instruction))
        {
            return;
        }

        bool wider = widerAllowed && register != PtxType.Pred && instruction != PtxType.Pred
            && register.Bytes() > instruction.Bytes() && !(register.IsFloat() && !instruction.IsUntyped());
        if (!wider)
        {
            throw new PtxException($"{name} is .{register} where .{instruction} is needed".ToLowerInvariant());
        }
    }

    private static ulong ConstantBits(PtxOperand operand, PtxType type)
    {
        switch (operand)
        {
            case IntegerOperand integer when type is PtxType.F32 or PtxType.F64:
                throw new PtxException($"the integer {integer} stands where a .{type} is needed".ToLowerInvariant());
            case IntegerOperand integer:
                return integer.Bits & type.Mask();
            case FloatOperand { IsSingle: true } single when type is PtxType.F32 or PtxType.B32 or PtxType.TF32:
                return single.Bits;
            case FloatOperand number when type == PtxType.F32:
                return BitConverter.SingleToUInt32Bits((float)number.Value);
            case FloatOperand number when type is PtxType.F64 or PtxType.B64:
                return BitConverter.DoubleToUInt64Bits(number.Value);
            default:
                throw new PtxException($"{operand} cannot stand where a .{type} is needed".ToLowerInvariant());
        }
    }

    /// <summary>The slot of a scalar destination; the sink "_" gets a slot of its own.</summary>
    private int Destination(PtxOperand operand, PtxType type, bool widerAllowed = false)
    {
        if (operand is NameOperand { Name: "_" })
        {
            return NewSlot();
        }

        if (operand is VectorOperand { Elements.Count: 1 } single)
        {
            operand = single.Elements[0];
        }

        if (operand is not NameOperand name)
        {
            throw new PtxException($"{operand} cannot be a destination");
        }

        if (Find(name.Name) is not RegisterSymbol register)
        {
            throw new PtxException($"{name.Name} is not a declared register");
        }

        Check(name.Name, register.Type, type, widerAllowed);
        return register.Slot;
    }

    private int RegisterBytes(PtxOperand operand) =>
        operand is NameOperand name && Find(name.Name) is RegisterSymbol register ? register.Type.Bytes() : 8;

    private int[] Sources(PtxOperand operand, PtxType type, int count, bool widerAllowed = false) =>
        [.. Elements(operand, count).Select(element => Source(element, type, widerAllowed))];

    private int[] Destinations(PtxOperand operand, PtxType type, int count, bool widerAllowed = false) =>
        [.. Elements(operand, count).Select(element => Destination(element, type, widerAllowed))];

    private static IReadOnlyList<PtxOperand> Elements(PtxOperand operand, int count)
    {
        IReadOnlyList<PtxOperand> elements = operand is VectorOperand vector ? vector.Elements : [operand];
        if (elements.Count != count)
        {
            throw new PtxException($"{operand} has {elements.Count} elements where {count} are needed");
        }

        return elements;
    }

    private static void Count(InstructionStatement statement, int least, int most = -1)
    {
        if (statement.Operands.Count < least || statement.Operands.Count > Math.Max(least, most))
        {
            throw new PtxException($"{statement.Mnemonic} with {statement.Operands.Count} operands", statement.Line);
        }
    }

    /// <summary>The last type of an opcode, such as f32 of add.rn.f32.</summary>
    private static PtxType LastType(InstructionStatement statement)
    {
        for (int i = statement.Opcode.Length - 1; i > 0; i--)
        {
            if (PtxTypes.TryParse(statement.Opcode[i], out PtxType type))
            {
                return type;
            }
        }

        throw new PtxException($"{statement.Mnemonic} has no type", statement.Line);
    }

    private static PtxType TypeAt(InstructionStatement statement, int word) =>
        PtxTypes.TryParse(statement.Opcode[word], out PtxType type)
            ? type
            : throw new PtxException($"{statement.Mnemonic}: {statement.Opcode[word]} is not a type", statement.Line);

    private static int Immediate(PtxOperand operand) =>
        operand is IntegerOperand integer ? (int)integer.Bits : throw new PtxException($"{operand} is not an integer constant");

    private static string NameOf(PtxOperand operand) =>
        operand is NameOperand name ? name.Name : throw new PtxException($"{operand} is not a name");

    private static StateSpace SpaceOf(InstructionStatement statement)
    {
        foreach (string word in statement.Opcode.Skip(1))
        {
            switch (word.Split("::")[0])
            {
                case "global":
                    return StateSpace.Global;
                case "shared":
                    return StateSpace.Shared;
                case "local":
                    return StateSpace.Local;
                case "param":
                    return StateSpace.Param;
                case "const":
                    return StateSpace.Const;
            }
        }

        return StateSpace.None;
    }

    private static int VectorCount(InstructionStatement statement) => statement.Has("v4") ? 4 : statement.Has("v2") ? 2 : 1;
}
