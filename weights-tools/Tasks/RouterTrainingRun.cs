using System;
using System.IO;
using Engine.Fusion;
using Engine.Models;

namespace WeightsTools;

/// <summary>
/// A router training and its folder: routers.safetensors, the state to continue from, the log, and the task file. State and routers are
/// saved every few steps and when the user interrupts; a training that diverges saves nothing more, and before its first saved state it has
/// written nothing at all.
/// </summary>
internal sealed class RouterTrainingRun
{
    private const string StateFileName = "state.safetensors";

    private readonly string _directory;
    private readonly FusionWorkspace _workspace;
    private readonly RouterTrainer _trainer;

    /// <summary>Joins a training with its folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="workspace">Base, experts and data.</param>
    /// <param name="trainer">At step 0.</param>
    public RouterTrainingRun(string directory, FusionWorkspace workspace, RouterTrainer trainer)
    {
        _directory = directory;
        _workspace = workspace;
        _trainer = trainer;
    }

    /// <summary>The trained routers.</summary>
    public string RoutersPath => Path.Combine(_directory, RouterFile.FileName);

    /// <summary>The state to continue from.</summary>
    public string StatePath => Path.Combine(_directory, StateFileName);

    /// <summary>One line per step.</summary>
    public string LogPath => Path.Combine(_directory, TrainingLog.FileName);

    /// <summary>Refuses to begin where another training has left its files.</summary>
    /// <exception cref="DataException">There are files.</exception>
    public static void RequireNew(string directory)
    {
        foreach (string name in new[] { StateFileName, RouterFile.FileName })
        {
            string path = Path.Combine(directory, name);
            if (File.Exists(path))
            {
                throw new DataException($"{path}: exists; --resume continues that training, --force begins anew.");
            }
        }
    }

    /// <summary>Continues from the folder's state, if there is one.</summary>
    /// <exception cref="DataException">The state is malformed, or of another training.</exception>
    public void Resume()
    {
        if (File.Exists(StatePath))
        {
            _trainer.Restore(StatePath);
        }
    }

    /// <summary>Trains to the last step.</summary>
    /// <param name="context">Shows progress and interrupts.</param>
    /// <param name="saveEvery">Steps between two saved states.</param>
    /// <exception cref="OperationCanceledException">The user interrupted; everything so far has been saved.</exception>
    /// <exception cref="NonFiniteLossException">A loss is not a number; the last saved state stays.</exception>
    public void Train(CommandContext context, int saveEvery)
    {
        OutputFolder.RequireWritable(_directory);
        using TrainingLog log = new(LogPath, _trainer.Step);
        int steps = _trainer.Settings.Steps;
        using (Progress progress = context.StartProgress("training routers", steps, "steps", _trainer.Step))
        {
            while (_trainer.Step < steps)
            {
                if (context.Cancellation.IsCancellationRequested)
                {
                    Save(log);
                    context.Message($"saved step {_trainer.Step} of {steps}; --resume continues from there");
                    context.Cancellation.ThrowIfCancellationRequested();
                }

                _trainer.TrainStep();
                log.Append(_trainer);
                progress.Report(_trainer.Step, $"loss {Quantity.Significant(_trainer.Objective.ScalarLoss)}");
                if (_trainer.Step % saveEvery == 0 && _trainer.Step < steps)
                {
                    Save(log);
                }
            }
        }

        Save(log);
    }

    private void Save(TrainingLog log)
    {
        log.Flush();
        _workspace.File.Write(Path.Combine(_directory, TaskFile.FileName));
        _trainer.Save(StatePath);
        RouterFile.Write(RoutersPath, _trainer.Fusion, _workspace.Tasks);
    }
}
