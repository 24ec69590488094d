namespace Engine.Bench;

/// <summary>One line of the table of a device.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the rates.</param>
/// <param name="Rate">Of the engine.</param>
/// <param name="Yardstick">What it is compared with; null if that is not installed.</param>
/// <param name="YardstickRate">Of the yardstick.</param>
/// <param name="PercentOfPeak">Of the device's float32 multiply-adds; null where memory is the limit.</param>
/// <param name="GoalPercent">Of the yardstick.</param>
internal sealed record DeviceRow(
    string Name, string Unit, double Rate, string? Yardstick, double? YardstickRate, double? PercentOfPeak, double GoalPercent)
{
    /// <summary>The engine's rate in percent of the yardstick's.</summary>
    public double? PercentOfYardstick => YardstickRate is double rate ? 100 * Rate / rate : null;

    /// <summary>Whether the goal is reached; null without a yardstick.</summary>
    public bool? IsReached => PercentOfYardstick is double percent ? percent >= GoalPercent : null;
}
