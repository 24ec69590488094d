using System;
using System.Globalization;

namespace WeightsTools;

/// <summary>Numbers as people read them. Machine-readable output carries plain numbers instead.</summary>
internal static class Quantity
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];
    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = " ", NumberDecimalDigits = 0 };

    /// <summary>A count with its thousands set apart: "135 488".</summary>
    public static string Count(long count) => count.ToString("N0", Grouped);

    /// <summary>A size in binary units, three significant digits: "1.46 MiB".</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (Math.Abs(value) >= 1000 && unit < ByteUnits.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} B" : $"{Significant(value)} {ByteUnits[unit]}";
    }

    /// <summary>Three significant digits without an exponent where that is readable: "0.0123", "4.56", "78.9", "1 234".</summary>
    public static string Significant(double value)
    {
        double magnitude = Math.Abs(value);
        if (magnitude >= 100)
        {
            return Count((long)Math.Round(value));
        }

        string format = magnitude switch
        {
            0 => "0",
            < 0.001 => "0.00E+0",
            < 0.01 => "0.00000",
            < 0.1 => "0.0000",
            < 1 => "0.000",
            < 10 => "0.00",
            _ => "0.0",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A duration in its two largest units: "6.9 s", "1 min 05 s", "2 h 10 min".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        _ => $"{Count((long)time.TotalHours)} h {time.Minutes:00} min",
    };
}
