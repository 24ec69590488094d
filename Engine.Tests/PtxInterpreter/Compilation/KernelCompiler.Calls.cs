using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>Calls of functions.</summary>
public sealed partial class KernelCompiler
{
    // Each inlined body adds two scopes and its blocks one each; only recursion nests this deeply.
    private const int MaxScopes = 64;

    private int _inlined;

    // True: emit the instruction; false: the function's body stands in its place.
    private bool CompileCall(InstructionStatement statement, Instruction instruction)
    {
        Count(statement, 1, 3);
        Queue<PtxOperand> operands = new(statement.Operands);
        IReadOnlyList<PtxOperand> returns = operands.Peek() is ListOperand ? ((ListOperand)operands.Dequeue()).Items : [];
        string name = operands.TryDequeue(out PtxOperand? function) ? NameOf(function) : throw new PtxException("call without a function");
        IReadOnlyList<PtxOperand> arguments = operands.TryDequeue(out PtxOperand? list) && list is ListOperand items ? items.Items : [];
        PtxFunction callee = _module.Functions.Where(candidate => candidate.Name == name).MaxBy(candidate => candidate.Body is not null)
            ?? throw new PtxException($"function {name} is not declared");
        if (callee.Body is null)
        {
            Error(statement.Line, $"extern function {name} is not defined in this module: it cannot be linked");
            if (!_externals.TryGetValue(name, out Func<ulong[], ulong>? external))
            {
                return false;
            }

            instruction.Action = CallExternal(external, Variables(returns), Variables(arguments));
            return true;
        }

        if (statement.Guard is not null)
        {
            throw new PtxException("a guarded call is not supported");
        }

        Inline(callee, returns, arguments, statement.Line);
        return false;
    }

    private VariableSymbol[] Variables(IEnumerable<PtxOperand> operands) =>
    [
        .. operands.Select(operand => Find(NameOf(operand)) as VariableSymbol
            ?? throw new PtxException($"{operand} is not a parameter variable")),
    ];

    private static WarpAction CallExternal(
        Func<ulong[], ulong> function, VariableSymbol[] returns, VariableSymbol[] arguments) => (warp, lanes) =>
    {
        ulong[] values = new ulong[arguments.Length];
        foreach (int lane in new LaneSet(lanes))
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = RawBytes.Load(warp.Local(lane, arguments[i].Address, arguments[i].Bytes));
            }

            ulong result = function(values);
            foreach (VariableSymbol target in returns)
            {
                RawBytes.Store(warp.Local(lane, target.Address, target.Bytes), result);
            }
        }
    };

    // A call becomes a copy of the function's body whose parameters are the caller's variables.
    private void Inline(PtxFunction callee, IReadOnlyList<PtxOperand> returns, IReadOnlyList<PtxOperand> arguments, int line)
    {
        if (_scopes.Count > MaxScopes)
        {
            throw new PtxException("calls are nested too deeply: recursion is not supported", line);
        }

        if (returns.Count != callee.Returns.Count || arguments.Count != callee.Parameters.Count)
        {
            throw new PtxException($"{callee.Name} is called with other parameters than it declares", line);
        }

        Dictionary<string, Symbol> bound = [];
        foreach ((PtxVariable parameter, PtxOperand value) in callee.Returns.Zip(returns).Concat(callee.Parameters.Zip(arguments)))
        {
            bound[parameter.Name] = Find(NameOf(value)) ?? throw new PtxException($"{value} is not declared", line);
        }

        (string savedPrefix, string? savedReturn) = (_labelPrefix, _returnLabel);
        _labelPrefix = $"{callee.Name}#{_inlined++}:";
        _returnLabel = _labelPrefix + "return";
        _scopes.Add(bound);
        _scopes.Add([]);
        CompileStatements(callee.Body!);
        _scopes.RemoveRange(_scopes.Count - 2, 2);
        _labels[_returnLabel] = _code.Count;
        (_labelPrefix, _returnLabel) = (savedPrefix, savedReturn);
    }
}
