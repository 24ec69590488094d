using System;
using System.Collections.Generic;
using System.Linq;

namespace Engine.PtxInterpreter;

/// <summary>The outcome of a launch: findings and performance counters.</summary>
public sealed class LaunchReport
{
    private readonly Dictionary<(FindingKind Kind, int Line), Finding> _findings = [];
    private readonly CompiledKernel _kernel;
    private readonly AccessCounters?[] _accesses;

    internal LaunchReport(CompiledKernel kernel)
    {
        _kernel = kernel;
        Executed = new long[kernel.Code.Length];
        _accesses = new AccessCounters?[kernel.Code.Length];
    }

    /// <summary>The findings in the order in which running one block after another meets them.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <summary>How well warps accessed memory, all accesses together.</summary>
    public AccessCounters Counters
    {
        get
        {
            AccessCounters sum = new();
            foreach (AccessCounters? access in _accesses)
            {
                sum.Add(access);
            }

            return sum;
        }
    }

    /// <summary>The instructions that accessed shared or global memory, in the order of the text, each with its own counters.</summary>
    public IReadOnlyList<CountedAccess> Accesses =>
    [
        .. from pair in _kernel.Code.Zip(_accesses)
           where pair.Second is not null
           select new CountedAccess(pair.First.Line, pair.First.Source.Mnemonic, pair.Second!),
    ];

    /// <summary>Instructions that warps executed, by opcode without modifiers.</summary>
    public IReadOnlyDictionary<string, long> Instructions => _kernel.Code
        .Zip(Executed, (instruction, count) => (Opcode: instruction.Source.Opcode[0], Count: count))
        .Where(pair => pair.Count > 0)
        .GroupBy(pair => pair.Opcode)
        .ToDictionary(group => group.Key, group => group.Sum(pair => pair.Count));

    /// <summary>Instructions that warps executed, by what they are there for; every category is named.</summary>
    public IReadOnlyDictionary<InstructionCategory, long> InstructionsByCategory
    {
        get
        {
            Dictionary<InstructionCategory, long> counts =
                Enum.GetValues<InstructionCategory>().ToDictionary(category => category, _ => 0L);
            foreach ((Instruction instruction, long count) in _kernel.Code.Zip(Executed))
            {
                counts[InstructionCategories.Of(instruction.Source)] += count;
            }

            return counts;
        }
    }

    /// <summary>All instructions that warps executed.</summary>
    public long TotalInstructions => Executed.Sum();

    /// <summary>How often each instruction was executed.</summary>
    internal long[] Executed { get; }

    /// <summary>Counts the accesses of one instruction.</summary>
    internal AccessCounters CountersOf(int instruction) => _accesses[instruction] ??= new AccessCounters();

    internal void Add(FindingKind kind, int line, int block, Func<string> describe)
    {
        if (_findings.TryGetValue((kind, line), out Finding? finding))
        {
            finding.Count++;
        }
        else
        {
            _findings[(kind, line)] = new Finding(kind, line, describe()) { Block = block };
        }
    }

    /// <summary>One report of what several threads of the host saw, each of which ran its blocks in ascending order.</summary>
    internal static LaunchReport Merge(CompiledKernel kernel, IReadOnlyCollection<LaunchReport> parts)
    {
        LaunchReport whole = new(kernel);
        foreach (LaunchReport part in parts)
        {
            for (int i = 0; i < part.Executed.Length; i++)
            {
                whole.Executed[i] += part.Executed[i];
                if (part._accesses[i] is { } access)
                {
                    whole.CountersOf(i).Add(access);
                }
            }
        }

        // A stable sort: what the same thread found in the same block stays in its order.
        foreach (Finding finding in parts.SelectMany(part => part.Findings).OrderBy(finding => finding.Block))
        {
            if (whole._findings.TryGetValue((finding.Kind, finding.Line), out Finding? first))
            {
                first.Count += finding.Count;
            }
            else
            {
                whole._findings[(finding.Kind, finding.Line)] = finding with { };
            }
        }

        return whole;
    }
}
