using System;

namespace Engine.Kernels.Cases;

/// <summary>A case whose operands lie in a backend's memory, ready to run once or many times.</summary>
public sealed class PreparedCase : IDisposable
{
    private readonly OpCase _case;
    private readonly IBackend _backend;
    private readonly CaseImage _initial;
    private readonly Arena _arena;
    private readonly TensorRef _block;
    private readonly CaseOperands _operands;

    /// <summary>Allocates the operands on the backend and fills them.</summary>
    /// <param name="opCase">The case.</param>
    /// <param name="backend">Where to run it; not owned.</param>
    public PreparedCase(OpCase opCase, IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(opCase);
        ArgumentNullException.ThrowIfNull(backend);
        _case = opCase;
        _backend = backend;
        _initial = CaseImage.Create(opCase, backend.Info.ComputeType);
        _arena = backend.CreateArena(opCase.ToString(), _initial.Layout.ByteLength);
        _block = _arena.Allocate("operands", DType.U8, new Shape(_initial.Layout.ByteLength));
        _operands = _initial.Layout.Bind(_block.Buffer!, _block.ByteOffset);
        Reset();
    }

    /// <summary>Fills the operands again as they were before the first run.</summary>
    public void Reset()
    {
        _backend.Upload<byte>(_initial.Bytes, _block);
        if (_case.IsLarge)
        {
            _case.Forward?.Invoke(_backend, _operands);
        }
    }

    /// <summary>Enqueues the op once.</summary>
    public void Run() => _case.Call(_backend, _operands);

    /// <summary>Releases the operands.</summary>
    public void Dispose()
    {
        _arena.Dispose();
        _initial.Dispose();
    }

    /// <summary>The product that <see cref="Run"/> computes, with its epilogue; null if it is no single product.</summary>
    internal GemmArgs? Product => _case.Product?.Invoke(_operands);

    /// <summary>The operands as the op left them; the caller disposes the image.</summary>
    internal CaseImage Download()
    {
        CaseImage image = _initial.Clone();
        _backend.Download(_block, image.Bytes);
        return image;
    }

    /// <summary>The operands as they were before the first run.</summary>
    internal CaseImage Initial => _initial;
}
