using System.Collections.Generic;
using System.CommandLine;

namespace WeightsTools;

/// <summary>A word in front of several commands, such as "pareto". It does nothing by itself.</summary>
internal sealed class CommandGroup : Command
{
    /// <summary>Creates the group.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="commands">The commands behind it, in the order of the help.</param>
    public CommandGroup(string name, string description, IEnumerable<Command> commands)
        : base(name, description)
    {
        foreach (Command command in commands)
        {
            Add(command);
        }
    }
}
