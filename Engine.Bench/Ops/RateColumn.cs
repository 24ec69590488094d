using System;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Engine.Kernels.Cases;
using Engine.Kernels.Host;

namespace Engine.Bench;

/// <summary>A rate of the measured case, or its share of a peak of the machine.</summary>
/// <param name="name">Column header.</param>
/// <param name="select">From the case and the peaks to the work of one run and what to divide its rate by (null for nothing).</param>
internal sealed class RateColumn(string name, Func<OpCase, MachinePeaks, (double Work, double? Peak)> select) : IColumn
{
    private static readonly Lazy<MachinePeaks> Peaks = new(() => MachinePeaks.Measure(Environment.ProcessorCount, HostIsaProbe.Choose()));

    public string Id => name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => $"{name}: from the case's flops and bytes and the median time; peaks measured in the same run";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        string opCase = (string)benchmarkCase.Parameters[nameof(OpBenchmarks.Case)];
        double nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Median ?? double.NaN;
        (double work, double? peak) = select(OpBenchmarks.Find(opCase), Peaks.Value);
        double value = work / (nanoseconds / 1e9) / (peak ?? 1);
        return value > 0 ? value.ToString("F1", CultureInfo.InvariantCulture) : "-";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
