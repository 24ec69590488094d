using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Bench;

/// <summary>Random base and experts as files, because the engine reads them from memory maps. Deleted afterwards.</summary>
internal sealed class BenchExperts : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fusion-bench-").FullName;

    /// <param name="backbone">Whose parameters are stored; they are overwritten with random numbers.</param>
    /// <param name="count">Experts.</param>
    /// <param name="dtype">Stored dtype.</param>
    public BenchExperts(Backbone backbone, int count, DType dtype)
    {
        string[] files = [.. Enumerable.Range(0, count + 1).Select(i => Path.Combine(_folder, $"{i}.safetensors"))];
        for (int i = 0; i < files.Length; i++)
        {
            foreach (ParameterSpec parameter in backbone.Layout.Parameters)
            {
                RandomTensors.Fill(backbone.Backend, backbone.Parameters[parameter.Name], 0.035f, (uint)(i + 1));
            }

            using HostTensors downloads = new();
            List<TensorToWrite> tensors = [.. backbone.Layout.Parameters.Select(parameter =>
                downloads.WhenWritten(parameter.Name, backbone.Backend, backbone.Parameters[parameter.Name], dtype))];
            SafetensorsWriter.Write(files[i], tensors);
        }

        Base = Checkpoint.Open(files[0]);
        Experts = [.. files.Skip(1).Select(Checkpoint.Open)];
    }

    /// <summary>θ0.</summary>
    public Checkpoint Base { get; }

    /// <summary>θ1 .. θn.</summary>
    public Checkpoint[] Experts { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
