using System;
using System.Collections.Generic;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// A backbone, its base θ0 and its experts θ1 .. θT, read from their checkpoints' memory maps: task vectors are never stored. A GPU, which
/// cannot read those, gets a copy of base and experts in the dtypes they are stored in; if it has no room for all, of a parameter at a
/// time.
/// Merging writes θ0 + Σ λi (θi - θ0) into the backbone's own parameters; contracting takes ⟨dL/dθ, θi - θ0⟩ from its gradients.
/// </summary>
public sealed class Ensemble : IDisposable
{
    private readonly Checkpoint _base;
    private readonly IReadOnlyList<Checkpoint> _experts;
    private readonly Dictionary<string, StoredMember> _members = new(StringComparer.Ordinal);
    private readonly DeviceMembers? _onDevice;
    private bool _released;

    /// <summary>Opens the parameters of base and experts and checks them against the backbone.</summary>
    /// <param name="backbone">Receives the merged weights.</param>
    /// <param name="baseCheckpoint">θ0; owned from here on.</param>
    /// <param name="experts">θ1 .. θT in the order of the tasks; owned from here on.</param>
    /// <exception cref="DataException">A parameter is missing or has another shape; the message names checkpoint and tensor.</exception>
    /// <exception cref="BackendException">The device has no memory for the largest parameter of base and experts.</exception>
    public Ensemble(Backbone backbone, Checkpoint baseCheckpoint, IReadOnlyList<Checkpoint> experts)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(baseCheckpoint);
        ArgumentNullException.ThrowIfNull(experts);
        Backbone = backbone;
        _base = baseCheckpoint;
        _experts = experts;
        StoredParameters baseParameters = new(baseCheckpoint, backbone.CheckpointPrefixes, backbone.Layout);
        StoredParameters[] expertParameters = new StoredParameters[experts.Count];
        for (int i = 0; i < experts.Count; i++)
        {
            expertParameters[i] = new StoredParameters(experts[i], backbone.CheckpointPrefixes, backbone.Layout);
        }

        foreach (ParameterSpec spec in backbone.Layout.Parameters)
        {
            TensorRef[] stored = Array.ConvertAll(expertParameters, expert => expert.Tensor(spec).Reshape(spec.MatrixShape));
            _members.Add(spec.Name, new StoredMember(baseParameters.Tensor(spec).Reshape(spec.MatrixShape), stored));
        }

        _onDevice = backbone.Backend.Info.ReadsHostMemory ? null : DeviceMembers.Create(backbone.Backend, _members.Values);
    }

    /// <summary>The network that is merged into.</summary>
    public Backbone Backbone { get; }

    /// <summary>T.</summary>
    public int Tasks => _experts.Count;

    /// <summary>True if base and experts do not fit the device's memory, so that every merge and contraction copies them again.</summary>
    public bool IsStreamed => _onDevice?.IsStreamed ?? false;

    /// <summary>The checkpoint of θ0.</summary>
    public Checkpoint Base => _base;

    /// <summary>The checkpoints of θ1 .. θT.</summary>
    public IReadOnlyList<Checkpoint> Experts => _experts;

    /// <summary>Merges one parameter.</summary>
    /// <param name="parameter">Which.</param>
    /// <param name="weights">λ: [T], or [channels, T].</param>
    /// <exception cref="ObjectDisposedException">Base and experts have been released.</exception>
    public void Merge(ParameterSpec parameter, TensorRef weights)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(_released, this);
        StoredMember member = Find(parameter);
        Backbone.Backend.WeightedSum(new WeightedSumArgs
        {
            Base = member.Base,
            Experts = member.Experts,
            Weights = weights,
            ChannelIsColumn = parameter.ChannelAxis == ChannelAxis.Column,
            Output = Backbone.Parameters[parameter.Name].Reshape(parameter.MatrixShape),
        });
    }

    /// <summary>Contracts one parameter's gradient with the task vectors.</summary>
    /// <param name="parameter">Which; its gradient was asked for.</param>
    /// <param name="result">Receives dL/dλ: [T], or [channels, T].</param>
    /// <param name="accumulate">Add to the result: further parameters of a group.</param>
    /// <exception cref="ObjectDisposedException">Base and experts have been released.</exception>
    public void Contract(ParameterSpec parameter, TensorRef result, bool accumulate)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(_released, this);
        StoredMember member = Find(parameter);
        Backbone.Backend.MultiDot(new MultiDotArgs
        {
            Gradient = Backbone.Gradients[parameter.Name].Reshape(parameter.MatrixShape),
            Base = member.Base,
            Experts = member.Experts,
            ChannelIsColumn = parameter.ChannelAxis == ChannelAxis.Column,
            Result = result,
            Accumulate = accumulate,
        });
    }

    /// <summary>Lets the pages of one parameter's base and experts leave the process until they are read again, so that a training
    /// holds a parameter's experts at a time and not all of them. Small parameters stay.</summary>
    /// <param name="parameter">Which.</param>
    public void ReleasePages(ParameterSpec parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ObjectDisposedException.ThrowIf(_released, this);
        _members[parameter.Name].ReleasePages();
    }

    /// <summary>Lets go of base and experts (unloading in place): the backbone keeps the weights it has and is all that remains.</summary>
    public void Dispose()
    {
        if (_released)
        {
            return;
        }

        _released = true;
        Backbone.Backend.Synchronize();
        _members.Clear();
        _onDevice?.Dispose();
        _base.Dispose();
        foreach (Checkpoint expert in _experts)
        {
            expert.Dispose();
        }
    }

    /// <summary>Checks a preference before anything is written.</summary>
    /// <exception cref="DataException">It has another number of entries than there are experts, or one that is not finite.</exception>
    internal void RequirePreference(ReadOnlySpan<float> preference)
    {
        if (preference.Length != Tasks)
        {
            throw new DataException($"A preference has one entry per expert: expected {Tasks}, found {preference.Length}.");
        }

        for (int i = 0; i < preference.Length; i++)
        {
            if (!float.IsFinite(preference[i]))
            {
                throw new DataException($"Entry {i} of the preference is {preference[i]}; expected a finite number.");
            }
        }
    }

    private StoredMember Find(ParameterSpec parameter)
    {
        StoredMember stored = _members[parameter.Name];
        return _onDevice is null ? stored : _onDevice[stored];
    }
}
