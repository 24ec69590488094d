using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;


/// <summary>A kernel ready to launch. It may be launched again and again, and by several threads.</summary>
public sealed class CompiledKernel
{
    private readonly List<string> _errors = [];

    internal CompiledKernel(string name, int maxThreads, int sharedLimit)
    {
        Name = name;
        MaxThreads = maxThreads;
        SharedLimit = sharedLimit;
    }

    /// <summary>The name of its entry.</summary>
    public string Name { get; }

    /// <summary>The most threads of a block.</summary>
    public int MaxThreads { get; }

    /// <summary>The most shared memory of a block, static and dynamic, on a device of the architecture that the kernel is for.</summary>
    public int SharedLimit { get; }

    /// <summary>Bytes of static shared memory.</summary>
    public int SharedBytes { get; internal set; }

    /// <summary>Bytes of the parameter block.</summary>
    public int ParameterBytes { get; internal set; }

    /// <summary>Whether variables of its module lie in the memory for which it was compiled; if not, it runs on any device.</summary>
    public bool HasVariables { get; internal set; }

    /// <summary>What an assembler, a linker or a driver would refuse.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The opcodes of the kernel with their modifiers, each once.</summary>
    public IEnumerable<string> Mnemonics => Code.Select(instruction => instruction.Source.Mnemonic).Distinct();

    internal Instruction[] Code { get; set; } = [];

    /// <summary>The registers: declared ones, constants, special registers and sinks.</summary>
    internal int SlotCount { get; set; }

    internal List<(int Slot, ulong Value)> Constants { get; } = [];

    internal List<(int Slot, string Name)> Specials { get; } = [];

    /// <summary>Bytes of each thread's local memory; parameters of calls lie there too.</summary>
    internal int LocalBytes { get; set; }

    internal IReadOnlyList<PtxVariable> Parameters { get; set; } = [];

    /// <summary>The offset of each parameter in the parameter block.</summary>
    internal IReadOnlyList<int> ParameterOffsets { get; set; } = [];

    /// <summary>The bytes of the smallest access that may go to shared memory.</summary>
    internal int SharedGranule { get; set; } = SharedMemory.WidestAlignment;

    /// <summary>The number of instructions that may access global memory.</summary>
    internal int MemoryInstructions { get; set; }

    /// <summary>Whether an atomic may go to global memory.</summary>
    internal bool HasGlobalAtomics { get; set; }

    internal void AddError(string message) => _errors.Add(message);
}
