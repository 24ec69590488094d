using System;
using System.Collections.Generic;

namespace Engine.PtxInterpreter;


/// <summary>Registers, parameters and variables.</summary>
public sealed partial class KernelCompiler
{
    private const int LocalAlignment = 16;

    private int _dynamicAlignment = 1;
    private int? _dynamicShared;

    private void DeclareParameters(PtxFunction entry)
    {
        List<int> offsets = [];
        int offset = 0;
        foreach (PtxVariable parameter in entry.Parameters)
        {
            offset = Align(offset, parameter.Alignment);
            offsets.Add(offset);
            VariableSymbol symbol = new(StateSpace.Param, (ulong)offset, parameter.Bytes, IsKernelParameter: true);
            Define(parameter.Name, symbol, parameter.Line);
            offset += parameter.Bytes;
        }

        _kernel.Parameters = entry.Parameters;
        _kernel.ParameterOffsets = offsets;
        _kernel.ParameterBytes = offset;
    }

    private void DeclareRegisters(RegisterStatement statement)
    {
        if (statement.Type == PtxType.B128)
        {
            throw new PtxException("registers of 128 bits are not supported");
        }

        if (statement.Count < 0)
        {
            Define(statement.Name, new RegisterSymbol(NewSlot(), statement.Type), statement.Line);
            return;
        }

        for (int i = 0; i < statement.Count; i++)
        {
            Define(statement.Name + i, new RegisterSymbol(NewSlot(), statement.Type), statement.Line);
        }
    }

    private void Declare(PtxVariable variable)
    {
        ulong address;
        switch (variable.Space)
        {
            case StateSpace.Shared when variable.Bytes < 0:
                _dynamicAlignment = Math.Max(_dynamicAlignment, variable.Alignment);
                address = 0;
                break;
            case StateSpace.Shared:
                _kernel.SharedBytes = Align(_kernel.SharedBytes, variable.Alignment);
                address = SharedMemory.FirstAddress + (ulong)_kernel.SharedBytes;
                _kernel.SharedBytes += variable.Bytes;
                break;
            case StateSpace.Local or StateSpace.Param:
                _kernel.LocalBytes = Align(_kernel.LocalBytes, variable.Alignment);
                address = (ulong)_kernel.LocalBytes;
                _kernel.LocalBytes = Align(_kernel.LocalBytes + variable.Bytes, LocalAlignment);
                break;
            default:
                _kernel.HasVariables = true;
                address = _memory.Allocate(variable.Bytes, variable.Name);
                Initialise(variable, address);
                break;
        }

        Define(variable.Name, new VariableSymbol(variable.Space, address, variable.Bytes, IsKernelParameter: false), variable.Line);
    }

    /// <summary>Unsized arrays all begin behind the last static variable, wherever that is declared.</summary>
    private void PlaceDynamicShared()
    {
        _kernel.SharedBytes = Align(_kernel.SharedBytes, _dynamicAlignment);
        if (_dynamicShared is int slot)
        {
            _kernel.Constants.Add((slot, SharedMemory.FirstAddress + (ulong)_kernel.SharedBytes));
        }
    }

    private int AddressOf(VariableSymbol variable) => variable is { Space: StateSpace.Shared, Bytes: < 0 }
        ? _dynamicShared ??= NewSlot()
        : Constant(variable.Address);

    private void Initialise(PtxVariable variable, ulong address)
    {
        if (variable.Initial is null)
        {
            return;
        }

        int size = variable.Type.Bytes();
        for (int i = 0; i < variable.Initial.Count; i++)
        {
            ulong bits = ConstantBits(variable.Initial[i], variable.Type);
            RawBytes.Store(_memory.Access(address + (ulong)(i * size), size, variable.Line), bits);
        }
    }

    private static int Align(int value, int alignment) => (value + alignment - 1) / alignment * alignment;

    private void Define(string name, Symbol symbol, int line)
    {
        if (!_scopes[^1].TryAdd(name, symbol))
        {
            throw new PtxException($"{name} is defined twice", line);
        }
    }

    private Symbol? Find(string name)
    {
        for (int i = _scopes.Count - 1; i >= 0; i--)
        {
            if (_scopes[i].TryGetValue(name, out Symbol? symbol))
            {
                return symbol;
            }
        }

        return null;
    }

    private int NewSlot() => _kernel.SlotCount++;
}
