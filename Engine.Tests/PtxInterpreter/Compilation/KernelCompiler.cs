using System;
using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>
/// Turns a parsed kernel into instructions that can run: gives each register a slot, lays out its variables, resolves names in their
/// scopes, checks types, and inlines calls of device functions.
/// </summary>
public sealed partial class KernelCompiler
{
    private const int StaticSharedLimit = 48 * 1024;

    private readonly PtxModule _module;
    private readonly GlobalMemory _memory;
    private readonly CompiledKernel _kernel;
    private readonly IReadOnlyDictionary<string, Func<ulong[], ulong>> _externals;
    private readonly List<Dictionary<string, Symbol>> _scopes = [[]];
    private readonly List<Instruction> _code = [];
    private readonly List<Action> _patches = [];
    private readonly Dictionary<string, int> _labels = [];
    private string _labelPrefix = "";
    private string? _returnLabel;
    private string? _lastLabel;

    private KernelCompiler(
        PtxModule module, PtxFunction entry, GlobalMemory memory, IReadOnlyDictionary<string, Func<ulong[], ulong>>? externals)
    {
        _module = module;
        _memory = memory;
        _externals = externals ?? new Dictionary<string, Func<ulong[], ulong>>();
        _kernel = new CompiledKernel(entry.Name, entry.MaxThreads, TargetRules.SharedLimit(module.Architecture));
    }

    private abstract record Symbol;

    private sealed record RegisterSymbol(int Slot, PtxType Type) : Symbol;

    private sealed record VariableSymbol(StateSpace Space, ulong Address, int Bytes, bool IsKernelParameter) : Symbol;

    private sealed record TargetsSymbol(IReadOnlyList<string> Labels) : Symbol;

    /// <summary>
    /// Compiles an entry of a module, the first if no name is given. What an assembler, a linker or a driver would refuse is in the
    /// result's <see cref="CompiledKernel.Errors"/>.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="memory">The memory of the device that will run the kernel; the module's variables are allocated there.</param>
    /// <param name="entry">The name of the entry.</param>
    /// <param name="externals">Stand-ins for functions that the PTX declares but does not define, from raw bits to raw bits. Such
    /// functions remain errors; with stand-ins the kernel can run all the same (<see cref="LaunchOptions.IgnoreErrors"/>).</param>
    /// <exception cref="PtxException">There is no such entry.</exception>
    public static CompiledKernel Compile(
        PtxModule module, GlobalMemory memory, string? entry = null, IReadOnlyDictionary<string, Func<ulong[], ulong>>? externals = null)
    {
        PtxFunction function = module.Entry(entry);
        return new KernelCompiler(module, function, memory, externals).CompileEntry(function);
    }

    private CompiledKernel CompileEntry(PtxFunction entry)
    {
        foreach (PtxVariable variable in _module.Variables)
        {
            Attempt(variable.Line, () => Declare(variable));
        }

        DeclareParameters(entry);
        CompileStatements(entry.Body ?? throw new PtxException($"{entry.Name} has no body", entry.Line));
        Emit(new Instruction(new InstructionStatement(null, false, ["ret"], [], entry.Line)) { Kind = InstructionKind.Exit });
        foreach (Action patch in _patches)
        {
            patch();
        }

        PlaceDynamicShared();
        if (_kernel.SharedBytes > StaticSharedLimit)
        {
            _kernel.AddError($"static shared memory of {_kernel.SharedBytes} bytes is over the limit of {StaticSharedLimit}");
        }

        _kernel.Code = [.. _code];
        return _kernel;
    }

    private void Error(int line, string message) => _kernel.AddError($"line {line}: {message}");

    // A faulty statement does not hide the faults of others.
    private void Attempt(int line, Action action)
    {
        try
        {
            action();
        }
        catch (PtxException e)
        {
            _kernel.AddError(e.Line > 0 ? e.Message : $"line {line}: {e.Message}");
        }
    }

    private void CompileStatements(List<PtxStatement> statements)
    {
        foreach (PtxStatement statement in statements)
        {
            Attempt(statement.Line, () => CompileStatement(statement));
        }
    }

    private void CompileStatement(PtxStatement statement)
    {
        switch (statement)
        {
            case LabelStatement label:
                if (!_labels.TryAdd(_labelPrefix + label.Name, _code.Count))
                {
                    throw new PtxException($"label {label.Name} is defined twice", label.Line);
                }

                _lastLabel = label.Name;
                break;
            case BranchTargetsStatement targets:
                string name = _lastLabel ?? throw new PtxException(".branchtargets needs a label");
                Define(name, new TargetsSymbol(targets.Labels), targets.Line);
                break;
            case RegisterStatement registers:
                DeclareRegisters(registers);
                break;
            case VariableStatement variable:
                Declare(variable.Variable);
                break;
            case BlockStatement block:
                _scopes.Add([]);
                CompileStatements(block.Statements);
                _scopes.RemoveAt(_scopes.Count - 1);
                break;
            case InstructionStatement instruction:
                CompileInstruction(instruction);
                break;
        }
    }

    private void CompileInstruction(InstructionStatement statement)
    {
        MnemonicRules.Check(statement, message => Error(statement.Line, message));
        TargetRules.Check(statement, _module, message => Error(statement.Line, message));
        Instruction instruction = new(statement);
        if (statement.Guard is not null)
        {
            instruction.Guard = Source(new NameOperand(statement.Guard, false), PtxType.Pred);
            instruction.GuardNegated = statement.GuardNegated;
        }

        if (CompileControl(statement, instruction) is bool emit)
        {
            if (emit)
            {
                Emit(instruction);
            }

            return;
        }

        instruction.Action = CompileMemory(statement) ?? CompileWarp(statement, instruction) ?? CompileArithmetic(statement)
            ?? throw new PtxException($"{statement.Mnemonic} is not supported", statement.Line);
        Emit(instruction);
    }

    private void Emit(Instruction instruction) => _code.Add(instruction);
}
