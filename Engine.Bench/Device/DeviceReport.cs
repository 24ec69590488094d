using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Kernels;
using ILGPU.Runtime;

namespace Engine.Bench;

/// <summary>The table of a device as text or as JSON lines. Every row is written as soon as it is measured: a run that is cut off leaves
/// the rows that it has, and a row that fails does not keep the others from being measured.</summary>
internal static class DeviceReport
{
    private const string Nothing = "-";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Measures and writes.</summary>
    /// <param name="output">Receives the lines.</param>
    /// <param name="bench">The device.</param>
    /// <param name="cases">The rows.</param>
    /// <param name="json">A JSON line per row instead of a table.</param>
    /// <returns>True if every row was measured.</returns>
    public static bool Write(TextWriter output, DeviceBench bench, IReadOnlyCollection<DeviceCase> cases, bool json)
    {
        int width = cases.Max(static deviceCase => deviceCase.Name.Length);
        if (!json)
        {
            BackendInfo info = bench.Backend.Info;
            output.WriteLine($"{info.Name}: {info.Description}, products in {info.Precision}");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"float32 multiply-adds {bench.Peaks.GigaFlops / 1e3:F2} TFLOP/s, copy {bench.Peaks.CopyGigaBytes:F0} GB/s (read and "
                + $"written), yardstick of products: {bench.YardstickName}"));
            output.WriteLine(Line(width, "row", "rate", "unit", "yardstick", "% of it", "goal", "reached", "% of peak"));
        }

        bool isComplete = true;
        foreach (DeviceCase deviceCase in cases)
        {
            try
            {
                DeviceRow row = deviceCase.Measure(bench);
                output.WriteLine(json ? Json(bench, row) : Text(width, row));
            }
            catch (Exception exception) when (exception is BackendException or AcceleratorException)
            {
                isComplete = false;
                string problem = exception.Message.ReplaceLineEndings(" ");
                output.WriteLine(json
                    ? JsonSerializer.Serialize(new { Row = deviceCase.Name, Problem = problem }, Options)
                    : $"{deviceCase.Name.PadRight(width)}  failed: {problem}");
            }

            output.Flush();
        }

        return isComplete;
    }

    private static string Text(int width, DeviceRow row) => Line(
        width,
        row.Name,
        Number(row.Rate),
        row.Unit,
        Number(row.YardstickRate),
        Number(row.PercentOfYardstick),
        Number(row.GoalPercent),
        row.IsReached is bool reached ? reached ? "yes" : "no" : Nothing,
        Number(row.PercentOfPeak));

    private static string Line(int width, params ReadOnlySpan<string> cells) =>
        $"{cells[0].PadRight(width)}  {cells[1],9}  {cells[2],-7}  {cells[3],9}  {cells[4],7}  {cells[5],5}  {cells[6],-7}  {cells[7],9}";

    private static string Number(double? value) =>
        value is double number ? number.ToString(number < 10 ? "F2" : "F1", CultureInfo.InvariantCulture) : Nothing;

    private static string Json(DeviceBench bench, DeviceRow row) => JsonSerializer.Serialize(
        new
        {
            Row = row.Name,
            row.Unit,
            Rate = Round(row.Rate),
            row.Yardstick,
            YardstickRate = Round(row.YardstickRate),
            PercentOfYardstick = Round(row.PercentOfYardstick),
            row.GoalPercent,
            Reached = row.IsReached,
            PercentOfPeak = Round(row.PercentOfPeak),
            Device = bench.Backend.Info.Name,
            bench.Backend.Info.Description,
            FmaPeakTeraFlops = Round(bench.Peaks.GigaFlops / 1e3),
            CopyGigaBytesPerSecond = Round(bench.Peaks.CopyGigaBytes),
        },
        Options);

    private static double? Round(double? value) => value is double number
        ? double.Parse(number.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : null;
}
