using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Engine.Kernels.Cases;
using Engine.Kernels.Device;

namespace Engine.Bench;

/// <summary>On a GPU: times, beside the device's own copy. Errors are those of small operands, which the reference computes in no time.
/// </summary>
internal sealed class DeviceKernelBench : IKernelBench
{
    private const int DefaultScale = 16;
    private readonly DeviceBackend _device;
    private readonly Lazy<double> _copyGigaBytes;
    private readonly DeviceTimer _timer;

    /// <param name="device">What is measured; disposed with the bench.</param>
    /// <param name="copyBytes">Of the copy whose rate is the yardstick.</param>
    /// <param name="seconds">Least time of each sample of a variant.</param>
    public DeviceKernelBench(DeviceBackend device, int copyBytes = 256 << 20, double seconds = 0.05)
    {
        _device = device;
        _timer = new DeviceTimer(device, seconds);
        _copyGigaBytes = new Lazy<double>(() => DevicePeaks.Copy(device, _timer, copyBytes));
    }

    /// <inheritdoc/>
    public string Device => string.Create(
        CultureInfo.InvariantCulture, $"{_device.Traits.Name} ({_device.Info.Name}), which copies {_copyGigaBytes.Value:F1} GB/s");

    /// <inheritdoc/>
    public IReadOnlyList<VariantResult> Run(KernelOp op, KernelSizes? sizes) =>
    [
        .. op.Variants(sizes ?? new KernelSizes(DefaultScale)).Zip(
            op.Variants(new KernelSizes(1)), (timed, compared) => Run(timed, compared)),
    ];

    /// <inheritdoc/>
    public void WriteTable(TextWriter output, IReadOnlyList<VariantResult> results)
    {
        int width = results.Max(static result => result.Variant.Name.Length);
        output.WriteLine(Row("variant".PadRight(width), "error", "us", "GFLOP/s", "GB/s", "% of copy", "% of best"));
        foreach (VariantResult result in results)
        {
            string name = result.Variant.Name.PadRight(width);
            string error = result.Compared is { } compared ? Text($"{compared.Error:0.0E-00}") : "-";
            output.WriteLine(result.Times is { } times
                ? Row(
                    name,
                    error,
                    Text($"{times.Median * 1e6:F1}"),
                    Rate(result.Variant.Case.Flops, times),
                    Rate(result.Variant.Case.Bytes, times),
                    Text($"{PercentOfCopy(result, times):F1}"),
                    Text($"{BestSeconds(results) / times.Median * 100:F1}"))
                : $"{name}  {error,8}");
        }

        output.WriteLine();
        output.WriteLine("Errors are those of small operands; bytes are the least that must move.");
    }

    /// <inheritdoc/>
    public void WriteJson(TextWriter output, KernelOp op, IReadOnlyList<VariantResult> results)
    {
        foreach (VariantResult result in results)
        {
            OpCase opCase = result.Variant.Case;
            Measurement? times = result.Times;
            output.WriteLine(BenchJson.Line(new
            {
                Op = op.Name,
                Variant = result.Variant.Name,
                Case = opCase.ToString(),
                Device = _device.Traits.Name,
                result.Compared?.Error,
                result.Problem,
                Skipped = result.IsSkipped,
                opCase.Flops,
                opCase.Bytes,
                MedianMicroseconds = Rounded(times?.Median * 1e6),
                MinMicroseconds = Rounded(times?.Seconds[0] * 1e6),
                MaxMicroseconds = Rounded(times?.Seconds[^1] * 1e6),
                Samples = times?.Seconds.Count,
                GigaFlops = Rounded(opCase.Flops / times?.Median / 1e9),
                GigaBytesPerSecond = Rounded(opCase.Bytes / times?.Median / 1e9),
                PercentOfCopy = times is null ? null : Rounded(PercentOfCopy(result, times)),
                PercentOfBest = Rounded(BestSeconds(results) / times?.Median * 100),
                CopyGigaBytesPerSecond = BenchJson.Round(_copyGigaBytes.Value),
                BenchJson.Commit,
            }));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();

    private VariantResult Run(KernelVariant timed, KernelVariant compared)
    {
        VariantResult result = VariantComparison.Run(compared, _device) with { Variant = timed };
        if (result.Compared is null)
        {
            return result;
        }

        // A large case computes what its op reads by the device itself.
        using PreparedCase prepared = new(timed.Case with { IsLarge = true }, _device);
        return result with { Times = VariantComparison.Pretending(timed, _device, () => _timer.Measure(_ => prepared.Run())) };
    }

    private double PercentOfCopy(VariantResult result, Measurement times) =>
        result.Variant.Case.Bytes / times.Median / 1e7 / _copyGigaBytes.Value;

    private static double? BestSeconds(IReadOnlyList<VariantResult> results) => results.Min(static result => result.Times?.Median);

    private static double? Rounded(double? value) => value is double number ? BenchJson.Round(number) : null;

    private static string Rate(double work, Measurement times) => work > 0 ? Text($"{work / times.Median / 1e9:F1}") : "-";

    private static string Row(string name, string error, string time, string flops, string bytes, string ofCopy, string ofBest) =>
        $"{name}  {error,8}  {time,10}  {flops,9}  {bytes,8}  {ofCopy,9}  {ofBest,9}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
