using System.Collections.Generic;
using System.CommandLine;

namespace WeightsTools;

/// <summary>All commands, in the order of the help. A test asserts that none is missing.</summary>
internal static class CommandCatalogue
{
    /// <summary>New instances of all commands and groups.</summary>
    public static IReadOnlyList<Command> Create() =>
    [
        new DemoCommand(),
        new InspectCommand(),
        new RunCommand(),
        new GenerateCommand(),
        new FineTuneCommand(),
        new CommandGroup("pareto", "Routers over several experts: train, evaluate, unload, report",
        [
            new ParetoTrainCommand(),
            new ParetoEvaluateCommand(),
            new ParetoUnloadCommand(),
            new ParetoReportCommand(),
        ]),
        new DevicesCommand(),
        new SelfTestCommand(),
        new PtxCommand(),
        new ExperimentCommand(),
    ];
}
