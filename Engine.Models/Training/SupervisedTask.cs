using System;

namespace Engine.Models;

/// <summary>One objective: a head with its loss, and data to train and to evaluate with.</summary>
public sealed class SupervisedTask : IDisposable
{
    /// <summary>Creates a task.</summary>
    /// <param name="name">Name in tables, plots and files.</param>
    /// <param name="head">Turns the backbone's features into logits; owned from here on.</param>
    /// <param name="objective">Loss.</param>
    /// <param name="train">For training; null if there is none.</param>
    /// <param name="test">For evaluation; null if there is none.</param>
    public SupervisedTask(string name, Head head, Objective objective, IDataset? train = null, IDataset? test = null)
    {
        ArgumentNullException.ThrowIfNull(head);
        Name = name;
        Head = head;
        Loss = new LossFunction(head, objective);
        Train = train;
        Test = test;
    }

    /// <summary>Name in tables, plots and files.</summary>
    public string Name { get; }

    /// <summary>From features [R, C] to logits [R, K].</summary>
    public Head Head { get; }

    /// <summary>Mean loss of a batch under the head.</summary>
    public LossFunction Loss { get; }

    /// <summary>Training data.</summary>
    public IDataset? Train { get; }

    /// <summary>Test data.</summary>
    public IDataset? Test { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Head.Dispose();
        Loss.Dispose();
    }
}
