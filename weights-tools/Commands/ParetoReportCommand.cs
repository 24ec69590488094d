using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Engine.Models;

namespace WeightsTools;

/// <summary>Tables and charts of a measured front.</summary>
internal sealed class ParetoReportCommand : ToolCommand
{
    private readonly Argument<string> _front = new("front") { Description = "Folder that holds a front.json, or the file" };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Folder for report.md, front.png and front.svg [default: beside front.json]",
        HelpName = "DIR",
    };

    private readonly Option<string> _title = new("--title")
    {
        Description = "Title of report and chart",
        DefaultValueFactory = _ => "Pareto front",
    };

    public ParetoReportCommand()
        : base("report", "Draw a measured front: a markdown report, and charts for two or three tasks")
    {
        Add(_front);
        Add(_output);
        Add(_title);
    }

    /// <inheritdoc/>
    public override string Explanation =>
        "Needs the front.json of 'pareto evaluate' and nothing else. Two tasks are drawn as curves in the plane of their accuracies, three "
        + "as triangles of preferences, always with the soup beside the routers.\n\n"
        + "Example:\n  weights-tools pareto report front --title \"digits and fashion\"";

    /// <inheritdoc/>
    public override int Run(CommandContext context)
    {
        string front = context.Get(_front);
        FrontReport report = FrontReport.Read(front);
        string title = context.Get(_title);
        string folder = context.Get(_output) ?? (Directory.Exists(front) ? front : Path.GetDirectoryName(front)!);
        List<string> files = [];
        if (FrontFigures.CanDraw(report))
        {
            using ChartImage chart = FrontFigures.Draw(report, title);
            foreach (string name in new[] { "front.png", "front.svg" })
            {
                files.Add(Path.Combine(folder, name));
                chart.Save(files[^1]);
            }
        }
        else
        {
            context.Message("no chart: only fronts over two or three tasks with accuracies are drawn");
        }

        string markdown = Markdown(report, title, files.Count > 0);
        files.Add(Path.Combine(folder, "report.md"));
        AtomicFile.WriteText(files[^1], markdown);
        context.Report(
            new { Title = title, Tasks = report.Tasks.Select(static task => task.Name), Files = files },
            writer =>
            {
                FrontTables.Methods(report).WriteText(writer);
                writer.WriteLine();
                files.ForEach(writer.WriteLine);
            });
        return ExitCodes.Success;
    }

    private static string Markdown(FrontReport report, string title, bool hasChart)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        writer.WriteLine($"# {title}");
        writer.WriteLine();
        if (hasChart)
        {
            writer.WriteLine($"![{title}](front.svg)");
            writer.WriteLine();
        }

        FrontTables.Methods(report).WriteMarkdown(writer);
        writer.WriteLine();
        writer.WriteLine(
            "HV accuracy: hypervolume of the accuracies, reference point 0. HV loss: hypervolume of the losses below the reference losses, "
            + "divided by their product. accuracy / expert: mean over the tasks at the preference nearest to equal.");
        writer.WriteLine();
        FrontTables.Tasks(report).WriteMarkdown(writer);
        foreach (ReportedMethod method in report.Methods)
        {
            writer.WriteLine();
            writer.WriteLine($"## {method.Name}");
            writer.WriteLine();
            FrontTables.Points(report, method).WriteMarkdown(writer);
        }

        return writer.ToString();
    }
}
