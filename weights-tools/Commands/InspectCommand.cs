namespace WeightsTools;
internal sealed class InspectCommand() : ToolCommand("inspect", "x")
{
    public override int Run(CommandContext context) => 0;
}
