using System;
using System.IO;
using Engine.Kernels;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

public sealed class AtomicityTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(3000)]
    public void Write_DiskFullAtAnyPoint_KeepsTheOldFileAndNothingElse(long room)
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(1024), new float[1024]);
        string path = folder.WriteBytes("model.safetensors", [1, 2, 3]);
        DataException error = Assert.Throws<DataException>(() => SafetensorsWriter.Write(
            path, path, [new("a", source.Ref)], null, temporary => new FailingStream(temporary, room)));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("not enough space", error.Message, StringComparison.Ordinal);
        Assert.Equal(["model.safetensors"], folder.Entries());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_FullDevice_IsOneClearError()
    {
        const string Device = "/dev/full";
        if (!File.Exists(Device))
        {
            Assert.Skip("There is no /dev/full on this system.");
        }

        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(1024), new float[1024]);
        string path = folder.File("model.safetensors");
        DataException error = Assert.Throws<DataException>(() => SafetensorsWriter.Write(
            path, path, [new("a", source.Ref)], null, _ => new FileStream(Device, FileMode.Open, FileAccess.Write)));
        Assert.StartsWith($"Cannot write '{path}': ", error.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(error.InnerException);
        Assert.Empty(folder.Entries());
    }

    [Fact]
    public void Write_PrepareFails_KeepsTheOldFileAndPassesTheErrorOn()
    {
        using ScratchFolder folder = new();
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(1), 1);
        string path = folder.WriteBytes("model.safetensors", [1, 2, 3]);
        TensorToWrite broken = new("b", source.Ref) { Prepare = static () => throw new BackendException("device lost") };
        Assert.Throws<BackendException>(() => SafetensorsWriter.Write(path, [new("a", source.Ref), broken]));
        Assert.Equal(["model.safetensors"], folder.Entries());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Write_ParentIsAFile_NamesThePath()
    {
        using ScratchFolder folder = new();
        folder.WriteBytes("file", [1]);
        string path = Path.Combine(folder.File("file"), "x.json");
        Assert.Contains(path, Assert.Throws<DataException>(() => AtomicFile.WriteText(path, "{}")).Message, StringComparison.Ordinal);
        Assert.Equal(["file"], folder.Entries());
    }

    [Fact]
    public void Write_TargetIsADirectory_NamesThePath()
    {
        using ScratchFolder folder = new();
        DataException error = Assert.Throws<DataException>(() => AtomicFile.WriteText(folder.Path, "{}"));
        Assert.Contains("it is a directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FolderNotWritable_NamesThePath()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Administrators can write everywhere.");
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Needs Unix file modes.");
            return;
        }

        using ScratchFolder folder = new();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            string path = folder.File("x.json");
            Assert.Contains(path, Assert.Throws<DataException>(() => AtomicFile.WriteText(path, "{}")).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Write_FolderRefusedEvenToAdministrators_NamesThePath()
    {
        const string Folder = "/proc/sys/kernel";
        if (!Directory.Exists(Folder))
        {
            Assert.Skip("There is no /proc on this system.");
        }

        string path = Path.Combine(Folder, "model.safetensors");
        using HostTensor source = HostTensor.Of<float>(DType.F32, new Shape(1), 1);
        DataException error = Assert.Throws<DataException>(() => SafetensorsWriter.Write(path, [new("a", source.Ref)]));
        Assert.StartsWith($"Cannot write '{path}': ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteText_MissingParent_CreatesItAndWritesUtf8WithoutMark()
    {
        using ScratchFolder folder = new();
        string path = Path.Combine(folder.Path, "a", "b", "x.json");
        AtomicFile.WriteText(path, "ä");
        Assert.Equal([0xC3, 0xA4], File.ReadAllBytes(path));
    }
}
