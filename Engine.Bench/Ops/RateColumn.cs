using System;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Engine.Kernels.Cases;

namespace Engine.Bench;

/// <summary>A rate of the measured case, or its share of a peak of the machine.</summary>
/// <param name="name">Column header.</param>
/// <param name="work">Of one run of the case, in units of the rate or of percents of the peak.</param>
/// <param name="peak">What the rate is divided by, as it was measured at the start of this run.</param>
internal sealed class RateColumn(string name, Func<OpCase, double> work, double peak = 1) : IColumn
{
    public string Id => name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => peak == 1
        ? $"{name}: from the case's flops or bytes and the median time"
        : string.Create(CultureInfo.InvariantCulture, $"{name}: of {peak:F1}, measured at the start of this run");

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        double nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Median ?? double.NaN;
        double value = work(OpBenchmarks.CaseOf(benchmarkCase)) / (nanoseconds / 1e9) / peak;
        return value > 0 ? value.ToString("F1", CultureInfo.InvariantCulture) : "-";
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
