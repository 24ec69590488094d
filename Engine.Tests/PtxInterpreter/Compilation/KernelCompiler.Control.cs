using System;

namespace Engine.PtxInterpreter;


/// <summary>Branches and returns.</summary>
public sealed partial class KernelCompiler
{
    // True: emit the instruction as it is now; false: nothing to emit any more; null: not a control instruction.
    private bool? CompileControl(InstructionStatement statement, Instruction instruction)
    {
        switch (statement.Opcode[0])
        {
            case "bra":
                Count(statement, 1);
                instruction.Kind = InstructionKind.Branch;
                instruction.Uniform = statement.Has("uni") && statement.Guard is not null;
                PatchTarget(statement, _labelPrefix, NameOf(statement.Operands[0]), target => instruction.Target = target);
                return true;
            case "brx":
                CompileIndexedBranch(statement, instruction);
                return true;
            case "ret" when _returnLabel is not null:
                instruction.Kind = InstructionKind.Branch;
                PatchTarget(statement, "", _returnLabel, target => instruction.Target = target);
                return true;
            case "ret" or "exit":
                instruction.Kind = InstructionKind.Exit;
                return true;
            case "trap":
                instruction.Action = (warp, lanes) =>
                    throw new PtxExecutionException($"trap by lanes {lanes:x8} of warp {warp.Index}", statement.Line);
                return true;
            case "call":
                return CompileCall(statement, instruction);
            default:
                return null;
        }
    }

    private void CompileIndexedBranch(InstructionStatement statement, Instruction instruction)
    {
        Count(statement, 2);
        instruction.Kind = InstructionKind.IndexedBranch;
        instruction.Selector = Source(statement.Operands[0], PtxType.U32);
        if (Find(NameOf(statement.Operands[1])) is not TargetsSymbol targets)
        {
            throw new PtxException($"{statement.Operands[1]} is not a list of branch targets");
        }

        instruction.Targets = new int[targets.Labels.Count];
        for (int i = 0; i < targets.Labels.Count; i++)
        {
            int index = i;
            PatchTarget(statement, _labelPrefix, targets.Labels[i], target => instruction.Targets[index] = target);
        }
    }

    // Labels may follow the branches to them: targets are filled in at the end.
    private void PatchTarget(InstructionStatement statement, string prefix, string label, Action<int> set) => _patches.Add(() =>
    {
        if (_labels.TryGetValue(prefix + label, out int target))
        {
            set(target);
        }
        else
        {
            Error(statement.Line, $"label {label} is not defined");
        }
    });
}
