using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>One JSON object per training step, on a line of its own. Holds no times: the same training gives the same bytes. A new log
/// stays in memory until the first <see cref="Flush"/>: a training that fails before its first saved state leaves no file.</summary>
internal sealed class TrainingLog : IDisposable
{
    /// <summary>Usual name of the file.</summary>
    public const string FileName = "log.jsonl";

    private readonly string _path;
    private TextWriter _writer;

    /// <summary>Opens the log behind the steps it keeps.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="steps">Steps to keep of an earlier run; 0 to begin anew.</param>
    /// <exception cref="DataException">The file cannot be written, or lacks a step to be kept.</exception>
    public TrainingLog(string path, int steps)
    {
        _path = path;
        if (steps == 0)
        {
            _writer = new StringWriter { NewLine = "\n" };
            return;
        }

        Guard(() => Truncate(path, steps));
        _writer = Open(FileMode.Append);
    }

    /// <summary>Appends the step that a trainer has just done.</summary>
    public void Append(RouterTrainer trainer)
    {
        EpoScalarization? epo = trainer.Objective as EpoScalarization;
        string line = JsonOutput.SerializeLine(new
        {
            trainer.Step,
            Preference = trainer.Preference.ToArray(),
            trainer.Objective.TaskLosses.Losses,
            Loss = trainer.Objective.ScalarLoss,
            trainer.LearningRate,
            Epo = epo is null ? null : new
            {
                epo.Result.Mode,
                epo.Result.NonUniformity,
                Weights = epo.Weights.ToArray(),
            },
        });
        Guard(() => _writer.WriteLine(line));
    }

    /// <summary>Writes what has been appended: before a state is saved, so that the log never lags behind it.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Flush()
    {
        if (_writer is StringWriter steps)
        {
            _writer = Open(FileMode.Create);
            Guard(() => _writer.Write(steps.GetStringBuilder()));
        }

        Guard(_writer.Flush);
    }

    /// <inheritdoc/>
    public void Dispose() => Guard(_writer.Dispose);

    private static void Truncate(string path, int steps)
    {
        string[] kept = File.Exists(path) ? [.. File.ReadLines(path).Take(steps)] : [];
        if (kept.Length < steps || StepOf(kept[^1]) != steps)
        {
            throw new DataException(
                $"{path}: expected the log of {steps} steps, found {kept.Length} lines; delete the folder to start anew.");
        }

        AtomicFile.WriteText(path, string.Concat(kept.Select(static line => line + "\n")));
    }

    private static int StepOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("step").GetInt32();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return -1;
        }
    }

    private StreamWriter Open(FileMode mode)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            FileStream file = new(_path, mode, FileAccess.Write, FileShare.Read);
            return new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(e);
        }
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(e);
        }
    }

    private DataException Refused(Exception cause) => new($"Cannot write '{_path}': {cause.Message}", cause);
}
