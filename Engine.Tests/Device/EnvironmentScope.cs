using System;

namespace Engine.Tests;

/// <summary>Sets an environment variable of this process until it is disposed.</summary>
public sealed class EnvironmentScope : IDisposable
{
    private readonly string _name;
    private readonly string? _former;

    /// <param name="name">The variable.</param>
    /// <param name="value">Its value; null for none.</param>
    public EnvironmentScope(string name, string? value)
    {
        _name = name;
        _former = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_name, _former);
}
